import { type EncodingPlan, type PlanOptions, parseProbe, planEncoding, probeArguments } from '@kinora/media';
import { makeMedia } from '@kinora/testing';
import { execFileSync } from 'node:child_process';

export interface Sample {
  readonly seconds: number;
  readonly size?: string;
  readonly fps?: number;
  /** Grain makes it as hard to encode as a film; without it a long source is made quickly. */
  readonly grain?: boolean;
}

/** A picture with movement, and sound; moov in front, a keyframe every two seconds. Made once. */
export const sample = ({ seconds, size = '1920x1080', fps = 30, grain = true }: Sample): Promise<string> =>
  makeMedia({
    name: `bench-${size}-${fps}-${seconds}s${grain ? '' : '-plain'}.mp4`,
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${fps}:d=${seconds}${grain ? ',noise=alls=8:allf=t' : ''}`],
      ...['-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', String(2 * fps), '-pix_fmt', 'yuv420p'],
      ...['-c:a', 'aac', '-ac', '2', '-movflags', '+faststart'],
    ],
  });

/** The plan that the pipeline makes of a file. */
export function planOf(file: string, options: PlanOptions = {}): EncodingPlan {
  const output = execFileSync('ffprobe', probeArguments({ kind: 'file', path: file }), { maxBuffer: 32 << 20 });
  return planEncoding(parseProbe(output.toString()), options);
}
