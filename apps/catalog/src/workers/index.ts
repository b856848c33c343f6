import { type deliverWebhook } from '@kinora/contracts-catalog';
import { type EventHandler, type Producer } from '@kinora/jobs';
import { type PipelineDeps } from '../domain/videos/uploads';
import { onEncodingFailed } from './encoding-failed';
import { onEncodingProgress } from './encoding-progress';
import { onEncodingStarted } from './encoding-started';
import { onUploadCompleted } from './upload-completed';
import { onUploadEnded } from './upload-ended';
import { onVideoPlayable } from './video-playable';
import { onVideoReady } from './video-ready';
import { onWebhookDue } from './webhook-due';

/** Everything that catalog listens to on `events.catalog`. */
export const catalogEvents = ({
  deliveries,
  ...deps
}: PipelineDeps & { deliveries: Producer<(typeof deliverWebhook)['data']> }): EventHandler[] => [
  onUploadCompleted(deps),
  onUploadEnded(deps),
  onEncodingStarted(deps),
  onEncodingProgress(deps),
  onEncodingFailed(deps),
  onVideoPlayable(deps),
  onVideoReady(deps),
  onWebhookDue(deliveries, deps.clock),
];
