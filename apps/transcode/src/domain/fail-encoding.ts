import { type Encoding, type Failure } from './encoding';
import {
  type Changed,
  type Clock,
  type EncodeJobs,
  type Encodings,
  type Journal,
  type ManifestRequests,
  type RemoteEncoder,
} from './ports';
import { type Decision, cancel, fail } from './transitions';

export interface EndDeps {
  readonly encodings: Encodings;
  readonly jobs: EncodeJobs;
  readonly manifests: ManifestRequests;
  readonly remote: Pick<RemoteEncoder, 'cancel'>;
  readonly journal: Journal;
  readonly now: Clock;
  /** Runs what may wait for a queue; failures are logged, and the reconciler repeats what matters. */
  readonly background: (name: string, work: () => Promise<unknown>) => void;
}

/** What runs elsewhere for an encoding costs money until it is told. */
export function cancelRemote(deps: Pick<EndDeps, 'remote' | 'background'>, encoding: Encoding): void {
  const jobId = 'work' in encoding ? encoding.work?.engine.jobId : undefined;
  if (jobId !== undefined) deps.background('cancel remote job', () => deps.remote.cancel(jobId));
}

/** After an encoding has ended: its jobs go, its open manifests are closed, its objects are swept. */
function clearUp(deps: EndDeps, { encoding, sweeps = [] }: Changed): void {
  deps.background('remove jobs', () => deps.jobs.remove(encoding, encoding.fence - 1));
  cancelRemote(deps, encoding);
  for (const { prefix, videoId, afterMs } of sweeps)
    deps.background('sweep', () => deps.jobs.sweep(prefix, videoId, 0, afterMs));
  if ('playableAt' in encoding && encoding.playableAt) deps.manifests.request(encoding.id);
}

async function endEncoding(
  deps: EndDeps,
  id: string,
  decide: (encoding: Encoding) => Decision,
): Promise<Changed | undefined> {
  const ended = await deps.encodings.change(id, decide);
  if (ended?.changed) clearUp(deps, ended);
  return ended;
}

/** The encoding can't be finished; nothing happens if it is over, or a newer attempt than `fence` has taken over. */
export async function failEncoding(
  deps: EndDeps,
  id: string,
  failure: Failure,
  { fence, reason }: { fence?: number; reason?: string } = {},
): Promise<Changed | undefined> {
  const { code, message } = failure;
  const ended = await endEncoding(deps, id, (e) => fail(e, { code, message }, deps.now(), fence));
  if (ended?.changed) deps.journal.failed(ended.encoding, failure, reason);
  return ended;
}

/** The owner stops it. */
export async function stopEncoding(deps: EndDeps, id: string): Promise<Changed | undefined> {
  const ended = await endEncoding(deps, id, (e) => cancel(e, deps.now()));
  if (ended?.changed && ended.encoding.state === 'cancelled') deps.journal.failed(ended.encoding, ended.encoding.error);
  return ended;
}
