import { videoReady } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onVideoReady = (deps: PipelineDeps): EventHandler =>
  on(videoReady, ({ videoId, ...told }, { id, occurredAt }) =>
    followPipeline(deps, videoId, { type: 'video.ready', at: new Date(occurredAt), ...told }, id),
  );
