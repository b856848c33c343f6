import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { reapWithMe, releaseFromReaper } from './reaper';

export interface ChildOptions {
  /** Used in messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** The environment of the child, to which only the name under which we call AWS is added; default: ours. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Both output streams are appended here. Without `onLine` the child writes to it directly. */
  logFile?: string;
  onLine?: (line: string) => void;
  /** What asks this program to stop in an orderly way. */
  stopSignal?: NodeJS.Signals;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that was started here, leads a process group of its own, and dies with this process. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Settles (never rejects) when the process has ended. */
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  /** Sends a signal to the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to stop, and after `timeoutMs` makes it. */
  stop(timeoutMs?: number): Promise<Exit>;
  /** The last lines that it wrote. */
  tail(): string;
}

const TAIL_LINES = 30;

/** Starts a process. It does not keep this process alive, and can't outlive it. */
export function startChild(options: ChildOptions): Child {
  const { name, command, args, logFile, onLine, stopSignal = 'SIGTERM' } = options;
  if (logFile) mkdirSync(path.dirname(logFile), { recursive: true });
  const direct = logFile !== undefined && !onLine;
  const output = direct ? openSync(logFile, 'a', 0o600) : 'pipe';
  const child = spawn(command, args, {
    env: options.env ? { ...callerName(), ...options.env } : process.env,
    cwd: options.cwd ?? process.cwd(),
    ...(options.uid !== undefined && { uid: options.uid }),
    ...(options.gid !== undefined && { gid: options.gid }),
    detached: true,
    stdio: ['ignore', output, output],
  });
  const pid = child.pid;
  if (pid !== undefined) reapWithMe(pid, stopSignal);
  child.unref();
  if (output !== 'pipe') closeSync(output);

  const lines: string[] = [];
  let failure: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    (stream as typeof stream & { unref?: () => void }).unref?.();
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
      if (logFile) appendFileSync(logFile, `${line}\n`, { mode: 0o600 });
      onLine?.(line);
    });
  }

  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    const done = (code: number | null, signal: NodeJS.Signals | null) => {
      if (exit) return;
      exit = { code, signal };
      if (pid !== undefined) {
        // What a killed process leaves behind (an encoder's ffmpeg) goes with it, as it would with a container.
        signalGroup(pid, 'SIGKILL');
        releaseFromReaper(pid);
      }
      resolve(exit);
    };
    child.once('exit', done);
    child.once('error', (error) => {
      failure = error;
      done(null, null);
    });
  });

  return {
    name,
    pid: pid ?? -1,
    exited,
    get running() {
      return exit === undefined;
    },
    kill: (signal) => void (exit === undefined && child.kill(signal)),
    async stop(timeoutMs = 8_000) {
      if (exit) return exit;
      child.kill(stopSignal);
      const timer = setTimeout(() => pid !== undefined && signalGroup(pid, 'SIGKILL'), timeoutMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
    tail() {
      if (failure) return failure.message;
      if (!direct) return lines.join('\n');
      return readFileSync(logFile, 'utf8').split('\n').slice(-TAIL_LINES).join('\n');
    },
  };
}

/** The record of AWS calls knows a test's processes by it, whatever else they are told. */
const callerName = (): NodeJS.ProcessEnv => {
  const name = process.env['AWS_SDK_UA_APP_ID'];
  return name === undefined ? {} : { AWS_SDK_UA_APP_ID: name };
};

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is empty already.
  }
}
