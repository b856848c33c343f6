import { encodingProgress } from '@kinora/contracts-transcode';
import { type EventHandler, on } from '@kinora/jobs';
import { type PipelineDeps, followPipeline } from '../domain/videos/uploads';

export const onEncodingProgress = (deps: PipelineDeps): EventHandler =>
  on(encodingProgress, async ({ encodings }, { id, occurredAt }) => {
    // All are tried: one that fails keeps no other.
    await Promise.all(
      encodings.map(({ videoId, encodingId, progress, estimatedSecondsLeft: left }) => {
        const estimatedEnd = left === null ? null : new Date(Date.parse(occurredAt) + left * 1000);
        return followPipeline(deps, videoId, { type: 'encoding.progress', encodingId, progress, estimatedEnd }, id);
      }),
    );
  });
