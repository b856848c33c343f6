import { encodingStarted } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onEncodingStarted = (deps: PipelineDeps): EventHandler =>
  on(encodingStarted, ({ videoId, ...told }, { id }) =>
    followPipeline(deps, videoId, { type: 'encoding.started', ...told }, id),
  );
