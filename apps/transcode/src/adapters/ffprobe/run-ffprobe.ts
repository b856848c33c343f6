import { execa } from 'execa';

export interface FfprobeRun {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Empty when it was streamed. */
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** More output than was allowed. */
  readonly overflowed: boolean;
}

export interface FfprobeTool {
  /** Name or path of the program, and where to look for it. */
  readonly program: string;
  readonly searchPath: string;
}

export interface FfprobeLimits {
  readonly timeoutMs: number;
  /** Bytes of standard output that are kept. */
  readonly maxOutput: number;
  /** Takes standard output as it comes, instead of keeping it. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const MAX_MESSAGES = 64 * 1024;

/**
 * Runs ffprobe as a child process: no shell, no input, nothing of our environment but the search path.
 * @throws if it was aborted, or could not be started at all; a run that fails is a result
 */
export async function runFfprobe(
  { program, searchPath }: FfprobeTool,
  args: readonly string[],
  { timeoutMs, maxOutput, onOutput, signal }: FfprobeLimits,
): Promise<FfprobeRun> {
  const child = execa(program, args, {
    stdin: 'ignore',
    reject: false,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    buffer: { stdout: onOutput === undefined, stderr: true },
    maxBuffer: { stdout: maxOutput, stderr: MAX_MESSAGES },
    extendEnv: false,
    env: { PATH: searchPath, LC_ALL: 'C' },
    ...(signal && { cancelSignal: signal }),
  });
  if (onOutput) child.stdout.setEncoding('utf8').on('data', onOutput);
  const result = await child;
  if (result.isCanceled) throw new Error('ffprobe was stopped');
  // Neither found nor allowed to run: ours to mend, not the file's fault.
  if (result.exitCode === undefined && result.signal === undefined && !result.timedOut && !result.isMaxBuffer)
    throw new Error(`ffprobe did not start: ${result.message ?? 'unknown reason'}`);
  const stdout = typeof result.stdout === 'string' ? result.stdout : '';
  return {
    exitCode: result.exitCode,
    signal: result.signal,
    stdout,
    stderr: result.stderr,
    timedOut: result.timedOut,
    overflowed: result.isMaxBuffer && stdout.length >= maxOutput,
  };
}
