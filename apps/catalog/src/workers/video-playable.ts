import { videoPlayable } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onVideoPlayable = (deps: PipelineDeps): EventHandler =>
  on(videoPlayable, ({ videoId, ...told }, { id, occurredAt }) =>
    followPipeline(deps, videoId, { type: 'video.playable', at: new Date(occurredAt), ...told }, id),
  );
