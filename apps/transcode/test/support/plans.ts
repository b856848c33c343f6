import { newId } from '@kinora/contracts-common';
import { type EncodingPlan, parseProbe, planBeginning, planEncoding, planInDetail } from '@kinora/media';
import { type InWork } from '../../src/domain/encoding';

/** The plan of a small plain video, for unit tests. */
export function aPlan({
  seconds = 4,
  sound = true,
  chunkSeconds,
}: { seconds?: number; sound?: boolean; chunkSeconds?: number } = {}): EncodingPlan {
  const video = {
    ...{ index: 0, codec_type: 'video', codec_name: 'h264', width: 640, height: 480, pix_fmt: 'yuv420p' },
    ...{ r_frame_rate: '25/1', avg_frame_rate: '25/1', time_base: '1/12800', start_pts: 0, start_time: '0.0' },
    ...{ duration: String(seconds), nb_frames: String(seconds * 25) },
  };
  const audio = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' };
  const probe = parseProbe({
    streams: [video, ...(sound ? [audio] : [])],
    format: { format_name: 'mov,mp4', start_time: '0.0', duration: String(seconds) },
  });
  return planEncoding(probe, chunkSeconds === undefined ? {} : { targetFrames: chunkSeconds * 25 });
}

/** An encoding at work whose plan is complete: its beginning, and chunks of 20 s. */
export function anEncoding(seconds: number): InWork {
  const facts = { frames: seconds * 25, longestGapSeconds: 0.1, reorderSeconds: 0, unsound: false };
  const plan = planInDetail(planBeginning(aPlan({ seconds })), facts, { targetFrames: 500, wholeBelow: 750 });
  return {
    ...{ id: newId('enc'), videoId: newId('vid'), uploadId: newId('upl'), attempt: 1, ownerId: 'u', sourceKey: 's' },
    ...{ createdAt: new Date(), fence: 1, progress: 0 },
    state: 'encoding',
    dispatchedAt: undefined,
    estimatedEnd: undefined,
    work: {
      ...{ plan, width: 640, height: 480, durationMs: seconds * 1000, startedAt: new Date() },
      engine: { name: 'ffmpeg', reason: 'a test' },
    },
  };
}
