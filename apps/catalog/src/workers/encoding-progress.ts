import { encodingProgress } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onEncodingProgress = (deps: PipelineDeps): EventHandler =>
  on(encodingProgress, ({ videoId, ...told }, { id }) =>
    followPipeline(deps, videoId, { type: 'encoding.progress', ...told }, id),
  );
