import { videoReady } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type createHearReady } from '../domain/video-duration';

/** Counts those who watched a video while it grew by the length that it came to have. Running twice changes nothing more. */
export const onVideoReady = (hearReady: ReturnType<typeof createHearReady>): EventHandler =>
  on(videoReady, ({ videoId, durationMs }, { occurredAt }) =>
    hearReady(videoId, durationMs, Math.floor(Date.parse(occurredAt) / 1_000)),
  );
