import { type InWork, type Playable } from './encoding';
import { type Clock, type EncodeJobs, type Encodings } from './ports';
import { dispatched } from './transitions';

export interface DispatchDeps {
  readonly encodings: Encodings;
  readonly jobs: EncodeJobs;
  readonly now: Clock;
}

/** Hands out the work of an encoding's fence, unless that was done. A graph that is known is left alone: adding it twice could revive failed jobs' places. */
export async function dispatchEncoding(deps: DispatchDeps, encoding: InWork | Playable): Promise<void> {
  const { fence } = encoding;
  if (encoding.dispatchedAt !== undefined) return;
  const known = await deps.jobs.finishOutcome(encoding, fence);
  if (known.state === 'absent') await deps.jobs.dispatch(encoding);
  await deps.encodings.change(encoding.id, (e) => dispatched(e, fence, deps.now()));
}
