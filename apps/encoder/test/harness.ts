import { type JobSpec, newId } from '@kinora/contracts-common';
import {
  type LandedTrack,
  encodeAudio,
  encodeBeginning,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
} from '@kinora/contracts-transcode';
import { createProducer, createRedis } from '@kinora/jobs';
import {
  type EncodingPlan,
  MAX_PROBE_OUTPUT,
  type PlanOptions,
  parseProbe,
  planEncoding,
  probeArguments,
} from '@kinora/media';
import { createBase, listen } from '@kinora/service';
import { createStores } from '@kinora/storage';
import { eventually, freshDir, SET_UP, testRedis } from '@kinora/testing';
import { Queue } from 'bullmq';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { type z } from 'zod';
import { compose } from '../src/composition';
import { loadEncoderConfig } from '../src/config';
import { startControlPlane } from './control-plane';

export async function planOf(file: string, options: PlanOptions = {}): Promise<EncodingPlan> {
  const args = probeArguments({ kind: 'file', path: file });
  const { stdout, stderr } = await promisify(execFile)('ffprobe', args, { maxBuffer: MAX_PROBE_OUTPUT });
  return planEncoding(parseProbe(stdout, stderr), options);
}

/** What every job of an encoding carries. */
export interface Encoding {
  readonly videoId: string;
  readonly encodingId: string;
  readonly sourceKey: string;
  readonly fence: number;
  readonly plan: EncodingPlan;
}

/** The part of the environment that says where objects are kept. */
export type Storage = Readonly<Record<string, string>>;

export const onDisk = async (): Promise<Storage> => ({
  STORAGE_DRIVER: 'disk',
  STORAGE_DISK_ROOT: freshDir('kinora-encoder'),
  STORAGE_SIGNING_KEY: 'signing key of the tests, 32 chars',
});

/** A real Redis, real stores, and whatever encoders a test starts. */
export async function startHarness(storage: Storage) {
  const redis = await testRedis();
  const plane = await startControlPlane();
  const env: Record<string, string> = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    REDIS_URL: redis.url,
    KINORA_PUBLIC_URL: 'http://127.0.0.1:1',
    KINORA_AUTH_URL: plane.url,
    KINORA_TRANSCODE_URL: plane.url,
    KINORA_SERVICE_SECRET: 'a secret of the tests',
    ...storage,
  };
  const stores = createStores(loadEncoderConfig(env), SET_UP);
  const connection = createRedis(redis.url);
  const queue = new Queue(encodeChunk.queue, { connection });
  const beginnings = new Queue(encodeBeginning.queue, { connection });

  /** An encoder in this process. */
  const startEncoder = async (overrides: Record<string, string> = {}) => {
    const base = createBase('encoder', 'silent');
    return listen(base, await compose(base, loadEncoderConfig({ ...env, ...overrides })));
  };

  /** Puts a file into the raw store and returns what its jobs carry. */
  const source = async (file: string, plan?: EncodingPlan): Promise<Encoding> => {
    const videoId = newId('vid');
    const sourceKey = `sources/${videoId}/${newId('upl')}`;
    await stores.raw.put(sourceKey, createReadStream(file), { contentType: 'application/octet-stream' });
    return { videoId, encodingId: newId('enc'), sourceKey, fence: 1, plan: plan ?? (await planOf(file)) };
  };

  const enqueue = async <D extends z.ZodType, R extends z.ZodType>(
    spec: JobSpec<D, R>,
    data: z.input<D>,
  ): Promise<string> => {
    const producer = createProducer(spec, connection);
    return producer.enqueue(data).finally(() => producer.close());
  };

  /** Waits until a job has ended, for good or bad. */
  const ended = (id: string, from = queue) =>
    eventually(
      async () => {
        const state = await from.getJobState(id);
        if (state !== 'completed' && state !== 'failed') return undefined;
        const job = await from.getJob(id);
        return { state, result: job?.returnvalue as unknown, reason: job?.failedReason, attempts: job?.attemptsMade };
      },
      { timeoutMs: 90_000, label: `job ${id}` },
    );

  const run = async <D extends z.ZodType, R extends z.ZodType>(
    spec: JobSpec<D, R>,
    data: z.input<D>,
  ): Promise<z.output<R>> => {
    const { state, result, reason } = await ended(
      await enqueue(spec, data),
      spec.queue === beginnings.name ? beginnings : queue,
    );
    if (state === 'failed') throw new Error(reason ?? 'failed');
    return spec.result.parse(result);
  };

  /** Runs all jobs of an encoding, as the flow would. */
  const encode = async (job: Encoding) => {
    const { chunks: planned, audio: tracks } = job.plan;
    const chunks = await Promise.all(planned.map(({ index }) => run(encodeChunk, { ...job, chunkIndex: index })));
    const audio = await Promise.all(tracks.map((_, n) => run(encodeAudio, { ...job, audioIndex: n })));
    const poster = await run(encodePoster, job);
    const storyboard = await run(encodeStoryboard, job);
    const landed: LandedTrack[] = [...chunks, ...audio].flatMap((one) => one.tracks);
    return { chunks, audio, poster, storyboard, tracks: landed };
  };

  const stop = async () => {
    await Promise.all([queue, beginnings].map((one) => one.close()));
    await connection.quit();
    await plane.stop();
    await redis.stop();
  };
  return { env, plane, stores, queue, startEncoder, source, enqueue, ended, run, encode, stop };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;
