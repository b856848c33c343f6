import { UploadId, UserId, VideoId, defineEvent } from '@kinora/contracts-common';
import { z } from 'zod';

/** All bytes have arrived, were checked and lie in the raw store. */
export const uploadCompleted = defineEvent({
  name: 'upload.completed.v1',
  data: z.object({
    uploadId: UploadId,
    videoId: VideoId,
    ownerId: UserId,
    /** Key in the raw store. */
    sourceKey: z.string().min(1),
    size: z.int().positive(),
    filename: z.string(),
    contentType: z.string(),
  }),
  subscribers: ['transcode', 'catalog'],
});

/** The upload ended without a file: given up by its owner, or abandoned and swept. */
export const uploadEnded = defineEvent({
  name: 'upload.ended.v1',
  data: z.object({ uploadId: UploadId, videoId: VideoId, reason: z.enum(['aborted', 'abandoned']) }),
  subscribers: ['catalog'],
});
