import { videoDeleted } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';
import { type EdgeCopies } from '../domain/ports/edge-directory';

/** The CDN forgets the media of a video that is gone. */
export const onVideoDeleted = (copies: EdgeCopies): EventHandler =>
  on(videoDeleted, ({ videoId }) => copies.forget(videoId));
