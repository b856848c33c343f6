import { videoDeleted } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';

/** Removes the numbers of a video with it. Running twice removes nothing more. */
export const onVideoDeleted = (deleteVideo: (videoId: string) => Promise<void>): EventHandler =>
  on(videoDeleted, ({ videoId }) => deleteVideo(videoId));
