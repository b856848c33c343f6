import { uploadCompleted } from '@kinora/contracts-upload';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onUploadCompleted = (deps: PipelineDeps): EventHandler =>
  on(uploadCompleted, ({ videoId, uploadId }, { id }) =>
    followPipeline(deps, videoId, { type: 'upload.completed', uploadId }, id),
  );
