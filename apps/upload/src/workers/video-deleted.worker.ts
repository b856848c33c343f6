import { videoDeleted } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';
import { type EndUpload } from '../domain/end-upload';

/** A deleted video leaves no source and no open upload. Safe to repeat without an inbox: removing is. */
export const videoDeletedWorker = (ending: Pick<EndUpload, 'forgetVideo'>): EventHandler =>
  on(videoDeleted, ({ videoId }) => ending.forgetVideo(videoId));
