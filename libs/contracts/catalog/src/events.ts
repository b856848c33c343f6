import { UserId, VideoId, defineEvent } from '@kinora/contracts-common';
import { z } from 'zod';

/** The entry is gone; whoever holds anything of the video removes it. */
export const videoDeleted = defineEvent({
  name: 'video.deleted.v1',
  data: z.object({ videoId: VideoId, ownerId: UserId }),
  // Catalog itself: CloudFront's copies are forgotten after the transaction that ended the video.
  subscribers: ['upload', 'transcode', 'analytics', 'catalog'],
});
