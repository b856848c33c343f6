import { execa } from 'execa';

/** A single picture, as x264 writes it: its first bytes name the library's build. */
const SAMPLE = ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'color=s=16x16:d=0.04'];

/**
 * What encodes here: ffmpeg's version with how it was built, and x264's. Two that differ may write other bytes for the same
 * order. Asked once.
 */
export function createBuild(program: string): () => Promise<string> {
  let known: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const [about, sample] = await Promise.all([
      execa(program, ['-version']),
      execa(program, [...SAMPLE, '-c:v', 'libx264', '-f', 'h264', 'pipe:1'], { encoding: 'buffer' }),
    ]);
    const x264 = /x264 - core [^-]+/.exec(Buffer.from(sample.stdout).toString('latin1'))?.[0] ?? '';
    return `${about.stdout}\n${x264}`;
  };
  return () =>
    (known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
}
