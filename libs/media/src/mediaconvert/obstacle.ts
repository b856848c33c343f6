import { type EncodingPlan } from '../plan/encoding-plan';
import { type Probe } from '../probe/model';
import { rotationOf } from './settings';

/** Codecs of inputs, by ffmpeg's names ("Supported input codecs and containers" in the user guide of MediaConvert). */
const VIDEO = ['h264', 'hevc', 'mpeg2video', 'mpeg4', 'prores', 'vp8', 'vp9', 'av1', 'dnxhd', 'vc1', 'jpeg2000'];
const AUDIO = /^(aac|ac3|eac3|mp2|mp3|opus|vorbis|flac|wma(v1|v2|pro)|pcm_s(16|24|32)(le|be))$/;
const CONTAINER = /^(mov|mp4|matroska|webm|avi|mpegts|mpeg|mxf|asf|flv|ogg)\b/;

/** Sides of a picture that `VideoDescription` takes. */
const SIDES = [32, 8192] as const;

/** Why MediaConvert can't make what is planned, in words for whoever runs the platform; undefined if it can. */
export function mediaConvertObstacle(plan: EncodingPlan, probe: Probe): string | undefined {
  const { video } = probe;
  if (!CONTAINER.test(probe.container)) return `container ${probe.container}`;
  if (!video || !VIDEO.includes(video.codec)) return `video codec ${video?.codec ?? 'unknown'}`;
  const sound = plan.audio.map(
    ({ streamIndex }) => probe.audio.find(({ index }) => index === streamIndex)?.codec ?? '',
  );
  const unknown = sound.find((codec) => !AUDIO.test(codec));
  if (unknown !== undefined) return `audio codec ${unknown}`;
  // It takes the first one it finds.
  if (probe.streams.video > 1) return 'several video tracks';
  if (rotationOf(plan.source) === undefined) return 'mirrored picture';
  if (plan.source.colour.rgb) return 'RGB pixels';
  const [least, most] = SIDES;
  const sides = plan.rungs.flatMap(({ width, height }) => [width, height]);
  if (sides.some((side) => side < least || side > most)) return 'picture size';
  return undefined;
}
