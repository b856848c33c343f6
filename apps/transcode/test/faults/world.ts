import { videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import {
  type Failing,
  eventually,
  failing,
  frameHashes,
  freePort,
  nodeBinary,
  readHls,
  reapWithMe,
  releaseFromReaper,
  startChild,
  workspaceRoot,
} from '@kinora/testing';
import { Queue } from 'bullmq';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Platform, type Servers, startPlatform } from '../support/platform';
import { serveStore } from '../support/serve';

/** A service's process. What it leaves behind when it is killed is not cleared up: it has to end by itself. */
export interface Process {
  readonly exited: Promise<unknown>;
  readonly running: boolean;
  kill(signal: NodeJS.Signals): void;
}

/** What there is of a video in the end: the hashes of all frames of each rung, and the names of all objects. */
export interface Outcome {
  readonly frames: Readonly<Record<string, readonly string[]>>;
  readonly objects: readonly string[];
}

export interface World extends AsyncDisposable {
  readonly platform: Platform;
  /** A new process of transcode, always on the same port; there is one at a time. */
  transcode(faults?: Failing): Promise<Process>;
  encoder(faults?: Failing, env?: Record<string, string>): Process;
  /** Waits until the video is ready, told once, and returns what there is of it. */
  outcome(videoId: string): Promise<Outcome>;
  /** How often jobs of the encoders were taken up, and how many there are. */
  runs(): Promise<{ taken: number; jobs: number }>;
  /** Processes that name the text. */
  processesNaming(text: string): number[];
}

const build = async (app: string): Promise<void> => {
  const args = [path.join(workspaceRoot, 'tools/build/service.mjs'), app];
  const child = startChild({ name: 'build', command: nodeBinary(), args });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${app} could not be built\n${child.tail()}`);
};

/** transcode and encoders as the processes that they are in production, on servers of their own. */
export async function startWorld(servers: Servers = {}): Promise<World> {
  // `npm run test:faults` has built them: two suites that build at once would each run what the other half wrote.
  if (!process.env['KINORA_FAULTS']) await Promise.all(['transcode', 'encoder'].map(build));
  const platform = await startPlatform({ TRANSCODE_CHUNK_SECONDS: '6' }, servers);
  await platform.stop();
  const port = await freePort();
  platform.use(`http://127.0.0.1:${port}`);
  const files = await serveStore(platform.stores.distribution);
  const queue = new Queue('encode', { connection: platform.redis });
  queue.on('error', () => undefined);
  const processes = new Set<Process>();

  const start = (app: string, faults: Failing | undefined, env: Record<string, string>): Process => {
    const { args, env: points } = faults ? failing(faults) : { args: [], env: {} };
    const main = path.join(workspaceRoot, 'dist/apps', app, 'main.js');
    const child = spawn(nodeBinary(), [...args, main], {
      env: { ...platform.environment, ...points, ...env },
      stdio: 'ignore',
    });
    const { pid } = child;
    if (pid !== undefined) reapWithMe(pid, 'SIGKILL');
    const exited = once(child, 'exit').then(() => pid !== undefined && releaseFromReaper(pid));
    const process: Process = {
      exited,
      get running() {
        return child.exitCode === null && child.signalCode === null;
      },
      kill: (signal) => void child.kill(signal),
    };
    processes.add(process);
    return process;
  };

  const world: World = {
    platform,
    async transcode(faults) {
      const process = start('transcode', faults, { PORT: String(port), LOG_LEVEL: 'info' });
      const ready = async () => !process.running || (await fetch(`${platform.url()}/readyz`)).ok;
      await eventually(ready, { timeoutMs: 120_000, label: 'transcode' });
      return process;
    },
    encoder: (faults, env = {}) =>
      start('encoder', faults, {
        ...{ KINORA_TRANSCODE_URL: platform.url(), ENCODER_CONCURRENCY: '1', ENCODER_THREADS: '1', ...env },
      }),
    async outcome(videoId) {
      const { encodingId } = (await platform.until(videoReady, videoId, 180_000)).data;
      expect([videoPlayable, videoReady].map((event) => platform.told(event, videoId).length)).toEqual([1, 1]);
      const { rungs } = await readHls(`${files.url}/${layout.hls(videoId, encodingId)}`);
      const frames: Record<string, string[]> = {};
      for (const { url } of rungs) frames[path.basename(url)] = await frameHashes(url);
      const objects: string[] = [];
      const prefix = layout.encoding(videoId, encodingId);
      for await (const { key } of platform.stores.distribution.list(layout.video(videoId)))
        objects.push(key.startsWith(prefix) ? key.slice(prefix.length) : key);
      // Receipts are named by what the job was, down to its source.
      const names = objects.map((name) => name.replace(/^jobs\/[0-9a-f]{32}\.json$/, 'jobs/(receipt).json'));
      return { frames, objects: names.toSorted() };
    },
    async runs() {
      const jobs = await queue.getJobs(['completed', 'failed', 'active', 'waiting', 'delayed', 'prioritized']);
      return { taken: jobs.reduce((sum, job) => sum + job.attemptsStarted, 0), jobs: jobs.length };
    },
    processesNaming: (text) =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
          } catch {
            return false; // it has just ended
          }
        }),
    async [Symbol.asyncDispose]() {
      for (const process of processes) process.kill('SIGKILL');
      await Promise.all([...processes].filter(({ running }) => running).map(({ exited }) => exited));
      await queue.close();
      await files.close();
      await platform[Symbol.asyncDispose]();
    },
  };
  return world;
}
