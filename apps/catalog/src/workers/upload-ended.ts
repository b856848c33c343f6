import { uploadEnded } from '@kinora/contracts-upload';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onUploadEnded = (deps: PipelineDeps): EventHandler =>
  on(uploadEnded, ({ videoId, uploadId }, { id }) =>
    followPipeline(deps, videoId, { type: 'upload.ended', uploadId }, id),
  );
