import { layout } from '@kinora/delivery';
import { type PublishedTracks } from '@kinora/media';
import { type Encoding, type Work, isWorking } from './encoding';
import { type Clock, type Journal, type ManifestLock, type MediaStore, type WriterScope } from './ports';
import { type Landed, extentOf, playableSoFar, publishable, renditionsOf } from './tracks';
import { becomePlayable } from './transitions';

export interface PublishDeps {
  readonly lock: ManifestLock;
  readonly media: MediaStore;
  readonly journal: Journal;
  readonly now: Clock;
}

/** How one attempt to publish ended; after `busy` and `waiting` another one is due when more has landed. */
export type PublishOutcome = 'written' | 'unchanged' | 'waiting' | 'busy';

/** Manifests are open while it is encoded, and closed in the end whatever the end was: players then stop asking. */
function wanted(encoding: Encoding, landed: Landed): { work: Work; tracks: PublishedTracks } | undefined {
  if (encoding.state === 'ready') return { work: encoding.work, tracks: publishable(encoding.work.plan, landed) };
  const shown = isWorking(encoding) || ('playableAt' in encoding && encoding.playableAt !== undefined);
  const work = 'work' in encoding ? encoding.work : undefined;
  const tracks = shown && work ? playableSoFar(work.plan, landed) : undefined;
  return work && tracks && { work, tracks: { ...tracks, complete: !isWorking(encoding) } };
}

/** Writes the manifests of one state of things. */
export const writeManifests = (
  deps: Pick<PublishDeps, 'media' | 'now'>,
  encoding: Encoding,
  work: Work,
  tracks: PublishedTracks,
): Promise<void> =>
  deps.media.writeManifests({
    videoId: encoding.videoId,
    encodingId: encoding.id,
    tracks,
    startedAt: work.startedAt,
    now: deps.now(),
    expectedSeconds: work.plan.durationMs === undefined ? undefined : work.plan.durationMs / 1000,
  });

async function publish(deps: PublishDeps, scope: WriterScope, repair: boolean): Promise<PublishOutcome> {
  const { encoding, landed, listed } = scope;
  const want = wanted(encoding, landed);
  if (!want) return 'waiting';
  const { tracks } = want;
  const extent = `${tracks.complete ? 'closed' : 'open'} ${extentOf(tracks)}`;
  if (listed === extent && !repair) return 'unchanged';
  await writeManifests(deps, encoding, want.work, tracks);
  await scope.note(extent);
  if (encoding.state === 'encoding') {
    const poster = await deps.media.exists(layout.poster(encoding.videoId, encoding.id));
    const at = deps.now();
    const changed = await scope.change((e) => becomePlayable(e, { renditions: renditionsOf(tracks), poster, at }));
    if (changed?.changed) deps.journal.playable(encoding, at.getTime() - encoding.createdAt.getTime());
  }
  return 'written';
}

/**
 * Brings the manifests up to what has landed. One writer at a time; never lists less than before. With `repair` they are written
 * even if nothing is new: after a failure nobody knows which state lies in the store.
 */
export const publishManifests =
  (deps: PublishDeps) =>
  async (encodingId: string, repair = false): Promise<PublishOutcome> => {
    const outcome = await deps.lock.exclusively(encodingId, false, (scope) => publish(deps, scope, repair));
    return outcome === 'unknown' ? 'unchanged' : outcome;
  };
