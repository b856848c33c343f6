import { looksTransient, refusal, refusalOfFailure } from '@kinora/media';
import { type FfmpegExit, type Refuse } from './ports';

/** Attempts after which a process that the kernel keeps killing is held to be the source's fault, not the machine's. */
const KILLS_FORGIVEN = 2;

/** A failed run, to be tried again. */
export class RunFailed extends Error {
  override name = 'RunFailed';
}

/**
 * Throws what a run that did not end well means: permanent where the source is the cause, else an ordinary error, which
 * the queue tries again.
 */
export function assertRun(exit: FfmpegExit, attempt: number, refuse: Refuse): void {
  const refused = (code: Parameters<typeof refusal>[0]) => {
    const { message } = refusal(code);
    return refuse(code, message);
  };
  if (exit.exceeded) throw refused('source.too_complex');
  if (exit.exitCode === 0) return;
  const cause = refusalOfFailure(exit, 'decode');
  if (cause) throw refused(cause.code);
  if (exit.signal !== undefined && attempt > KILLS_FORGIVEN) throw refused('source.too_complex');
  throw new RunFailed(`ffmpeg ended with ${exit.signal ?? String(exit.exitCode)}: ${exit.stderr.slice(-600)}`);
}

/** Throws for a source that ended early: a refusal, unless the network is what cut it off. */
export function throwTruncated(exit: FfmpegExit, refuse: Refuse): never {
  if (looksTransient(exit.stderr))
    throw new RunFailed(`the source could not be read to its end: ${exit.stderr.slice(-600)}`);
  const { code, message } = refusal('source.truncated');
  throw refuse(code, message);
}
