import { layout } from '@kinora/delivery';
import { findFault } from './completeness';
import { type InWork, type Playable, isWorking } from './encoding';
import { type EndDeps, failEncoding } from './fail-encoding';
import { INCOMPLETE, tellable } from './failures';
import { type JobOutcome, type Landings, type Outcomes, type WriterScope } from './ports';
import { type PublishDeps, writeManifests } from './publish-manifests';
import { bytesOf, extentOf, publishable, renditionsOf, videoMs } from './tracks';
import { complete } from './transitions';

export interface FinishDeps extends EndDeps, PublishDeps {
  readonly landings: Landings;
}

export type Finished = 'ready' | 'failed' | 'superseded';

/** The storyboard's and the poster's failures are none of the video's. A chunk's comes first: it tells most. */
const failureOf = (outcomes: Outcomes): Extract<JobOutcome, { state: 'failed' }> | undefined =>
  [...outcomes.chunks, ...outcomes.audio].find((one) => one.state === 'failed');

const isUnderWay = (one: JobOutcome): boolean => one.state === 'pending' || one.state === 'blocked';

/** What jobs said on leaving counts like their reports: a report can be lost with its sender. */
async function recordResults(deps: FinishDeps, encoding: InWork | Playable, outcomes: Outcomes): Promise<void> {
  const tracks = [...outcomes.chunks, ...outcomes.audio].flatMap((one) =>
    one.state === 'completed' ? one.tracks : [],
  );
  await deps.landings.record(encoding.id, { fence: encoding.fence, jobId: 'results', encodedSeconds: 0, tracks });
}

async function close(
  deps: FinishDeps,
  { encoding, landed, note, change }: WriterScope,
  fence: number,
  outcomes: Outcomes,
): Promise<Finished | { fault: ReturnType<typeof findFault> }> {
  if (!isWorking(encoding) || encoding.fence !== fence) return encoding.state === 'ready' ? 'ready' : 'superseded';
  const fault = findFault(encoding.work.plan, landed);
  if (fault) return { fault };
  const tracks = publishable(encoding.work.plan, landed);
  await writeManifests(deps, encoding, encoding.work, tracks);
  await note(`closed ${extentOf(tracks)}`);
  const { videoId, id } = encoding;
  const there = async (outcome: JobOutcome, key: string) =>
    outcome.state !== 'failed' && (outcome.state === 'completed' || (await deps.media.exists(key)));
  const poster = await there(outcomes.poster, layout.poster(videoId, id));
  const storyboard = await there(outcomes.storyboard, layout.storyboard(videoId, id));
  const at = deps.now();
  const replaced = await deps.encodings.publishedBefore(encoding);
  const facts = { durationMs: videoMs(tracks), bytes: bytesOf(landed), poster, storyboard, replaced };
  const done = await change((e) => complete(e, fence, { ...facts, renditions: renditionsOf(tracks), at }));
  if (done?.changed) deps.journal.ready(encoding, at.getTime() - encoding.createdAt.getTime());
  return done?.changed || done?.encoding.state === 'ready' ? 'ready' : 'superseded';
}

/**
 * The end of an encoding's graph. Runs when all jobs are done, or as soon as one has failed; decides by what is recorded and by how
 * each job ended, so it may run again, late, or without its children.
 * @param awaitChildren gives the job back until all its children are done; returns if there are none to wait for
 */
export const finishEncoding =
  (deps: FinishDeps) =>
  async (id: string, fence: number, awaitChildren: () => Promise<void>): Promise<Finished> => {
    const encoding = await deps.encodings.find(id);
    if (encoding?.state === 'ready') return 'ready';
    if (!encoding || !isWorking(encoding) || encoding.fence !== fence) return 'superseded';
    const outcomes = await deps.jobs.outcomes(encoding);
    const failed = failureOf(outcomes);
    if (failed) {
      await failEncoding(deps, id, tellable(failed.failure), { fence, reason: failed.reason });
      return 'failed';
    }
    const media = [...outcomes.chunks, ...outcomes.audio];
    if ([...media, outcomes.poster].some(isUnderWay)) {
      // The storyboard alone has failed, and woke this job early.
      await awaitChildren();
      if (media.some(isUnderWay)) throw new Error('jobs of this encoding are still at work');
    }
    await recordResults(deps, encoding, outcomes);
    const closed = await deps.lock.exclusively(id, true, (scope) => close(deps, scope, fence, outcomes));
    if (closed === 'unknown' || closed === 'busy') return 'superseded';
    if (closed === 'ready') deps.manifests.drop(id);
    if (typeof closed === 'string') return closed;
    await failEncoding(deps, id, closed.fault ?? INCOMPLETE, { fence });
    return 'failed';
  };
