import { layout } from '@kinora/delivery';
import { type EndDeps, cancelRemote } from './fail-encoding';
import { type Inbox } from './ports';

/** A video is gone: its encodings end, late reports are refused, and its media is swept now and again later. */
export const deleteVideo =
  (deps: Pick<EndDeps, 'jobs' | 'remote' | 'background'> & { inbox: Inbox }) =>
  async (eventId: string, videoId: string): Promise<void> => {
    const prefix = layout.video(videoId);
    const ended = await deps.inbox.videoDeleted(eventId, videoId, { prefix, videoId, afterMs: 0 });
    for (const encoding of ended) {
      cancelRemote(deps, encoding);
      await deps.jobs.remove(encoding, encoding.fence - 1);
    }
    await deps.jobs.sweep(prefix, videoId, 0, 0);
  };
