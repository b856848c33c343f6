import { execa } from 'execa';
import { type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Ffmpeg, type FfmpegExit, type FfmpegRun } from '../../domain/ports';
import { watchMemory } from './memory';
import { Transcript } from './transcript';

export interface FfmpegOptions {
  /** Path or name of the program. */
  readonly program: string;
  /** Resident bytes beyond which a run is ended. */
  readonly maxMemoryBytes: number;
  /** Niceness of runs that nobody waits for, beside this process's own: services and urgent runs on the same machine go first. */
  readonly nice?: number;
}

/**
 * Runs ffmpeg as a child of this process, in its process group and without a shell. It can't outlive us: if we die, the
 * pipes that it writes to break, and it ends with its next write.
 */
export const createFfmpeg = ({ program, maxMemoryBytes, nice = 10 }: FfmpegOptions): Ffmpeg => ({
  async run({ args, outputs, stdin, limits, signal, urgent = false }: FfmpegRun): Promise<FfmpegExit> {
    signal.throwIfAborted();
    const child = execa('nice', ['-n', String(urgent ? 0 : nice), program, ...args], {
      stdio: [stdin ? 'pipe' : 'ignore', 'ignore', 'pipe', ...outputs.map(() => 'pipe' as const)],
      // Streams are read here, with back-pressure; nothing piles up.
      buffer: false,
      reject: false,
      // Nothing of our environment (secrets) for a program that reads strangers' files.
      extendEnv: false,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', AV_LOG_FORCE_NOCOLOR: '1' },
    });
    let exceeded: FfmpegExit['exceeded'];
    // There is no state in ffmpeg worth saving, and one that waits for a full pipe ignores gentler signals.
    const kill = (reason?: FfmpegExit['exceeded']): void => {
      exceeded ??= reason;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => kill();
    signal.addEventListener('abort', onAbort, { once: true });
    const clock = setTimeout(() => kill('time'), Math.min(limits.wallMs, 2 ** 31 - 1));
    const memory = watchMemory(child.pid, maxMemoryBytes, () => kill('memory'));

    const transcript = new Transcript();
    let written = 0;
    const pump = async (stream: Readable, sink: FfmpegRun['outputs'][number]): Promise<void> => {
      for await (const bytes of stream) {
        written += (bytes as Buffer).byteLength;
        if (written > limits.outputBytes) kill('bytes');
        // After an abort the rest is thrown away.
        if (!signal.aborted && exceeded === undefined) await sink(bytes as Buffer);
      }
    };
    const work: Promise<unknown>[] = outputs.map((sink, n) => pump(child.stdio[3 + n] as Readable, sink));
    work.push(pump(child.stdio[2], (bytes) => transcript.add(bytes)));
    // ffmpeg may stop reading early; that is its business, and its exit code tells.
    const feeding =
      stdin &&
      pipeline(stdin, child.stdio[0] as unknown as Writable).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && !signal.aborted) throw error;
      });
    if (feeding) work.push(feeding);
    try {
      await Promise.all(work);
    } catch (error) {
      kill();
      await Promise.allSettled(work);
      await child;
      throw error;
    } finally {
      clearTimeout(clock);
      memory.stop();
      signal.removeEventListener('abort', onAbort);
    }
    const { exitCode, signal: killedBy } = await child;
    signal.throwIfAborted();
    return { exitCode, signal: killedBy, stderr: transcript.text, ...(exceeded !== undefined && { exceeded }) };
  },
});
