import { videoDeleted } from '@kinora/contracts-catalog';
import { uploadCompleted } from '@kinora/contracts-upload';
import { type EventHandler, on } from '@kinora/jobs';
import { type acceptUpload } from '../domain/accept-upload';
import { type deleteVideo } from '../domain/delete-video';

/** What other services tell us. */
export const eventHandlers = (useCases: {
  acceptUpload: ReturnType<typeof acceptUpload>;
  deleteVideo: ReturnType<typeof deleteVideo>;
}): EventHandler[] => [
  on(uploadCompleted, (data, { id }) => useCases.acceptUpload(id, data)),
  on(videoDeleted, ({ videoId }, { id }) => useCases.deleteVideo(id, videoId)),
];
