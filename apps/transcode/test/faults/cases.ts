import { encodingFailed, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { uploadCompleted } from '@kinora/contracts-upload';
import { createRedis } from '@kinora/jobs';
import { type FailPoint, eventually, freshDir, media, startRedis, withClient } from '@kinora/testing';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OWNER } from '../support/platform';
import { type Outcome, type Process, type World } from './world';

/** Three chunks of two rungs, and sound. */
const source = () => media.mp4({ seconds: 18, width: 640, height: 360, fps: 10 });
/** Two chunks. */
const shorter = () => media.mp4({ seconds: 13, width: 640, height: 360, fps: 10 });

const until = <T>(label: string, holds: () => T | Promise<T>, timeoutMs = 120_000) =>
  eventually(holds, { timeoutMs, label });
const flag = (): string => path.join(freshDir('fault'), 'flag');
const raised = (file: string) => until('the fail-point', () => existsSync(file));
const kill = (nth: number, match: string): FailPoint => ({ at: 'stored', do: 'kill', nth, match });

async function end(process: Process, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  process.kill(signal);
  await process.exited;
}

const known = new WeakMap<World, Map<string, Outcome>>();

/** What becomes of a file when nothing goes wrong. */
async function undisturbed(world: World, file: string): Promise<Outcome> {
  const outcomes = known.get(world) ?? new Map<string, Outcome>();
  known.set(world, outcomes);
  const before = outcomes.get(file);
  if (before) return before;
  const processes = [await world.transcode(), world.encoder()];
  const { videoId } = await world.platform.upload(file);
  const outcome = await world.outcome(videoId);
  await Promise.all(processes.map((one) => end(one)));
  outcomes.set(file, outcome);
  return outcome;
}

const redone = async (world: World): Promise<number> => {
  const { taken, jobs } = await world.runs();
  return taken - jobs;
};

interface Scene {
  readonly world: World;
  /** Uploads the file of this case; what comes of it must be what comes of it undisturbed. */
  upload(): Promise<{ videoId: string; sourceKey: string }>;
  /** Starts processes that are ended with the case. */
  encoder: World['encoder'];
  transcode: World['transcode'];
}

/** Runs a case, and holds what becomes of its videos to the undisturbed run. */
async function play(world: World, file: string, act: (scene: Scene) => Promise<unknown>): Promise<void> {
  const expected = await undisturbed(world, file);
  const uploads: { videoId: string; sourceKey: string }[] = [];
  const processes: Process[] = [];
  const keep = (process: Process): Process => (processes.push(process), process);
  try {
    await act({
      world,
      async upload() {
        const upload = await world.platform.upload(file);
        uploads.push(upload);
        return upload;
      },
      encoder: (...args) => keep(world.encoder(...args)),
      transcode: async (...args) => keep(await world.transcode(...args)),
    });
    for (const { videoId, sourceKey } of uploads) {
      expect(await world.outcome(videoId)).toEqual(expected);
      expect(world.platform.told(encodingFailed, videoId)).toEqual([]);
      // Who heard nothing ends its own as soon as it hears again.
      await until('none at work on it', () => world.processesNaming(sourceKey).length === 0);
    }
  } finally {
    await Promise.all(processes.filter((one) => one.running).map((one) => end(one)));
  }
}

export interface Case {
  readonly name: string;
  /** The number in the research's list of faults. */
  readonly number: number;
  run(world: World): Promise<void>;
}

const fault = (number: number, name: string, file: () => Promise<string>, act: (scene: Scene) => Promise<unknown>) => ({
  number,
  name: `${number}: ${name}`,
  run: async (world: World) => play(world, await file(), act),
});

/** Ends encoders two by two, at twenty instants: after the n-th object, or the n-th message to somebody. */
const encodersKilled = fault(1, 'an encoder is killed at 20 instants', shorter, async (scene) => {
  await scene.transcode();
  const { platform } = scene.world;
  const videos = await Promise.all(Array.from({ length: 4 }, () => scene.upload()));
  const before = await redone(scene.world);
  const doom = (n: number): FailPoint =>
    n % 2 === 0 ? kill(1 + ((n * 3) % 8), 'media') : { at: 'socket', do: 'kill', nth: 20 + 3 * n };
  for (let n = 0; n < 20; n += 2) {
    const doomed = [n, n + 1].map((one) => scene.encoder({ points: [doom(one)] }));
    await until(`kills ${n + 1} and ${n + 2}`, async () => {
      // There has to be something to do for them to be killed at, beside what waits until the locks of the dead have run out.
      const unfinished = videos.filter(({ videoId }) => platform.told(videoReady, videoId).length === 0);
      if (unfinished.length < 4) videos.push(await scene.upload());
      return doomed.every((one) => !one.running);
    });
  }
  scene.encoder();
  for (const { videoId } of videos) await scene.world.outcome(videoId);
  // A job in hand for every kill, at most.
  expect((await redone(scene.world)) - before).toBeLessThanOrEqual(20);
});

const transcodeKilled = fault(1, 'transcode is killed at 20 instants', shorter, async (scene) => {
  scene.encoder();
  let last = await scene.upload();
  for (let n = 0; n < 20; n += 1) {
    const manifest = kill(1 + (n % 9), '\\.(m3u8|mpd)$');
    const doomed = await scene.transcode({
      points: [n % 2 === 0 ? manifest : { at: 'socket', do: 'kill', nth: 100 + 15 * n }],
    });
    await until(`kill ${n + 1}`, async () => {
      // There has to be something to do for it to be killed at.
      if (scene.world.platform.told(videoPlayable, last.videoId).length > 0) last = await scene.upload();
      return !doomed.running;
    });
  }
  await scene.transcode();
});

export const killedBeforeCommit = fault(
  2,
  'both are killed between the store and the record',
  source,
  async (scene) => {
    const first = await scene.transcode({ points: [kill(1, 'main\\.m3u8$')] });
    const encoder = scene.encoder({ points: [kill(1, 'v360/2\\.m4s$')] });
    await scene.upload();
    await until('kill of the encoder', () => !encoder.running);
    scene.encoder();
    await until('kill of transcode', () => !first.running);
    // And once more where the manifests are closed, which are then written a second time.
    const second = await scene.transcode({ points: [kill(2, 'v360\\.m3u8$')] });
    await until('kill at the end', () => !second.running);
    await scene.transcode();
  },
);

const stoppedInOrder = fault(3, 'an encoder is asked to stop in the middle', source, async (scene) => {
  await scene.transcode();
  const { world } = scene;
  const before = await redone(world);
  const held = flag();
  writeFileSync(held, '');
  const stopped = scene.encoder({ points: [{ at: 'store', do: 'hold', while: held, match: 'v360/3\\.m4s$' }] });
  const { videoId } = await scene.upload();
  await until('playable', () => world.platform.told(videoPlayable, videoId)[0]);
  stopped.kill('SIGTERM');
  rmSync(held);
  await stopped.exited;
  expect(await world.platform.redis.zcard('bull:encode:delayed')).toBe(0);
  scene.encoder();
  await world.outcome(videoId);
  expect((await redone(world)) - before).toBeLessThanOrEqual(1);
});

const deaf = fault(4, 'an encoder hears and says nothing for longer than its lock lasts', source, async (scene) => {
  await scene.transcode();
  const mark = flag();
  scene.encoder({ points: [{ at: 'stored', do: 'block', ms: 25_000, nth: 1, match: 'v360/1\\.m4s$', mark }] });
  const { videoId } = await scene.upload();
  await raised(mark);
  scene.encoder();
  await scene.world.outcome(videoId);
});

const killedTwice = fault(5, 'two encoders die of the same job', source, async (scene) => {
  await scene.transcode();
  await scene.upload();
  for (let n = 0; n < 2; n += 1) {
    const doomed = scene.encoder({ points: [kill(1, 'v360/2\\.m4s$')] });
    await until('a kill', () => !doomed.running);
  }
  scene.encoder();
});

/** The encoder has begun, and is held at its second segment until `go`. */
async function midway(scene: Scene): Promise<{ videoId: string; go: () => void }> {
  const held = flag();
  writeFileSync(held, '');
  await scene.transcode();
  scene.encoder({ points: [{ at: 'store', do: 'hold', while: held, match: 'v360/3\\.m4s$' }] });
  const { videoId } = await scene.upload();
  await until('playable', () => scene.world.platform.told(videoPlayable, videoId)[0]);
  return { videoId, go: () => rmSync(held) };
}

/** In place of the Redis of this world comes another on its port, with what lies in the folder. */
async function exchangeRedis({ platform }: World, dir: string): Promise<void> {
  const { redisServer } = platform;
  process.kill(redisServer.pid, 'SIGKILL');
  await redisServer.exited;
  Object.assign(redisServer, await startRedis({ dir, port: redisServer.port, appendonly: true }));
}

export const redisRestarted = (dir: string) =>
  fault(6, 'Redis is killed, and comes back with what it had written', source, async (scene) => {
    const { go } = await midway(scene);
    await exchangeRedis(scene.world, dir);
    go();
  });

export const redisEmptied = fault(
  7,
  'Redis is emptied, and filled again from the record within a minute',
  source,
  async (scene) => {
    const { videoId, go } = await midway(scene);
    await scene.world.platform.redis.flushall();
    const emptied = Date.now();
    await until('work again', async () => (await scene.world.runs()).jobs > 0);
    expect(Date.now() - emptied).toBeLessThan(60_000);
    go();
    scene.encoder();
    await scene.world.outcome(videoId);
  },
);

const redisFailedOver = fault(8, 'a replica of Redis that had lost the tail takes over', source, async (scene) => {
  const { platform } = scene.world;
  const dir = freshDir('replica');
  await using replica = await startRedis({ dir, appendonly: true });
  const other = createRedis(replica.url);
  await other.replicaof('127.0.0.1', platform.redisServer.port);
  await until('the replica', async () => (await other.info('replication')).includes('master_link_status:up'));
  await other.replicaof('NO', 'ONE');
  // From here on everything is lost.
  const { go } = await midway(scene);
  await until('its log', async () => (await other.info('persistence')).includes('aof_rewrite_in_progress:0'));
  other.disconnect();
  await replica.stop();
  await exchangeRedis(scene.world, dir);
  go();
});

export const postgresRestarted = (restart: () => Promise<void>) =>
  fault(10, 'PostgreSQL stops at once, and comes back', source, async (scene) => {
    const { go } = await midway(scene);
    await restart();
    go();
  });

const storeFails = fault(12, 'the store refuses three writes in ten', source, async (scene) => {
  const points: FailPoint[] = [{ at: 'store', do: 'fail', code: 'EIO', share: 0.3, match: 'media' }];
  await scene.transcode({ points });
  scene.encoder({ points });
  await scene.upload();
});

const storeStalls = fault(13, 'the store keeps both waiting', source, async (scene) => {
  const stall = (match: string, nth: number): FailPoint => ({ at: 'store', do: 'stall', ms: 12_000, match, nth });
  await scene.transcode({ points: [stall('main\\.m3u8$', 1)] });
  scene.encoder({ points: [stall('\\.m4s$', 3)] });
  await scene.upload();
});

export const diskFull = fault(15, 'the disk is full for a while', source, async (scene) => {
  const full = flag();
  writeFileSync(full, '');
  await scene.transcode();
  scene.encoder({ points: [{ at: 'store', do: 'fail', code: 'ENOSPC', while: full, match: 'media' }] });
  await scene.upload();
  const { redis } = scene.world.platform;
  await until('a job that waits', async () => (await redis.zcard('bull:encode:delayed')) > 0);
  rmSync(full);
});

const ffmpegKilled = fault(16, 'the kernel kills ffmpeg for its memory', source, async (scene) => {
  await scene.transcode();
  scene.encoder();
  const { sourceKey } = await scene.upload();
  const pid = await eventually(() => scene.world.processesNaming(sourceKey)[0], {
    intervalMs: 10,
    label: 'ffmpeg',
    timeoutMs: 120_000,
  });
  process.kill(pid, 'SIGKILL');
});

const clocksDiffer = fault(17, 'clocks are ten minutes wrong, and one steps back', source, async (scene) => {
  await scene.transcode({ clockSkewMs: -600_000 });
  const points: FailPoint[] = [{ at: 'stored', do: 'step', ms: -900_000, nth: 3 }];
  scene.encoder({ clockSkewMs: 600_000, points });
  await scene.upload();
});

export const toldAgain = fault(18, 'everything is told ten times, in any order', source, async (scene) => {
  const { platform } = scene.world;
  await scene.transcode();
  scene.encoder();
  const { videoId, sourceKey } = await scene.upload();
  const [row] = await withClient(platform.databaseUrl, async (client) => {
    const query = 'select upload_id from transcode.encodings where video_id = $1';
    return until('the encoding', async () => {
      const { rows } = await client.query<{ upload_id: string }>(query, [videoId]);
      return rows.length > 0 ? rows : undefined;
    });
  });
  const about = { ownerId: OWNER, size: 1, filename: 'a.mp4', contentType: 'video/mp4' };
  const again = () => platform.tell(uploadCompleted, { uploadId: row?.upload_id ?? '', videoId, sourceKey, ...about });
  await Promise.all(Array.from({ length: 5 }, again));
  const { encodingId } = (await until('playable', () => platform.told(videoPlayable, videoId)[0]))?.data ?? {};
  const landed = await withClient(platform.databaseUrl, async (client) => {
    const query = 'select * from transcode.segments where encoding_id = $1 order by random()';
    return (await client.query<Record<string, string | number>>(query, [encodingId])).rows;
  });
  const reports = await platform.reports();
  for (let n = 0; n < 10; n += 1) {
    for (const one of landed) {
      const segment = { number: Number(one['number']), startTicks: Number(one['start_ticks']) };
      const rest = { durationTicks: Number(one['duration_ticks']), bytes: Number(one['bytes']) };
      const tracks = [{ renditionId: String(one['rendition_id']), segments: [{ ...segment, ...rest }] }];
      const body = { fence: 1, jobId: `again-${n}`, encodedSeconds: 0, tracks };
      // Once it is ready nothing is taken in any more.
      await reports.reportSegments({ params: { encodingId: String(encodingId) }, body }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'encoding.fenced' });
      });
    }
  }
  await scene.world.outcome(videoId);
  await Promise.all(Array.from({ length: 5 }, again));
});

// A case that is in none of these is not run; as it is not exported either, the linter finds it.

/** Encoders and transcode are killed again and again. These three take as long as all others together. */
export const ofKills: readonly Case[] = [encodersKilled, transcodeKilled, killedBeforeCommit];

/** What else happens to encoders and transcode themselves. */
export const ofProcesses: readonly Case[] = [
  ...[stoppedInOrder, deaf, killedTwice],
  ...[ffmpegKilled, clocksDiffer, toldAgain],
];

/** What happens to what they rest on; {@link redisRestarted} and {@link postgresRestarted} need those servers to themselves. */
export const ofBackEnds: readonly Case[] = [redisEmptied, redisFailedOver, storeFails, storeStalls, diskFull];
