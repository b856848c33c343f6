import { encodingFailed } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onEncodingFailed = (deps: PipelineDeps): EventHandler =>
  on(encodingFailed, ({ videoId, ...told }, { id }) =>
    followPipeline(deps, videoId, { type: 'encoding.failed', ...told }, id),
  );
