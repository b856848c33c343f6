import { type LiveBoard, type VideoStore } from './ports';

/**
 * Removes all that is kept of a video. The memory that it is gone comes first: whoever writes after that finds it and removes what he wrote.
 */
export const createDeleteVideo =
  ({ videos, live }: { videos: VideoStore; live: LiveBoard }) =>
  async (videoId: string): Promise<void> => {
    await videos.bury(videoId);
    await videos.purge(videoId);
    await live.forget(videoId);
  };
