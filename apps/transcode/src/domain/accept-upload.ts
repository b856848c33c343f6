import { newId } from '@kinora/contracts-common';
import { type Clock, type EncodeJobs, type Encodings, type Inbox } from './ports';

interface Upload {
  readonly uploadId: string;
  readonly videoId: string;
  readonly ownerId: string;
  readonly sourceKey: string;
}

/** An upload is complete: its encoding begins, once however often this is told. */
export const acceptUpload =
  (deps: { inbox: Inbox; encodings: Encodings; jobs: EncodeJobs; now: Clock }) =>
  async (eventId: string, { uploadId, videoId, ownerId, sourceKey }: Upload): Promise<void> => {
    const origin = { id: newId('enc'), videoId, uploadId, attempt: 1, ownerId, sourceKey, createdAt: deps.now() };
    await deps.inbox.uploadCompleted(eventId, origin);
    // Also when the event was processed before: that time may have ended before the job was added.
    const encoding = await deps.encodings.newestOf(videoId);
    if (encoding?.state === 'queued') await deps.jobs.start(encoding);
  };
