import {
  encodingFailed,
  encodingStarted,
  finishEncoding,
  videoPlayable,
  videoReady,
} from '@kinora/contracts-transcode';
import { PermanentFailure, createProducer, createRedis } from '@kinora/jobs';
import { eventually, media, withClient } from '@kinora/testing';
import { UnrecoverableError, Worker } from 'bullmq';
import { type Platform, startPlatform } from './support/platform';
import { type Script, type ScriptedEncoder, startScriptedEncoder } from './support/scripted-encoder';

jest.setTimeout(120_000);

let platform: Platform;
let encoder: ScriptedEncoder | undefined;
const encodeWith = (script?: Script) => (encoder = startScriptedEncoder(platform, script));

beforeEach(
  async () => void (platform = await startPlatform({ TRANSCODE_STALL_SECONDS: '2', TRANSCODE_CHUNK_SECONDS: '4' })),
);
afterEach(async () => {
  await encoder?.close();
  encoder = undefined;
  await platform[Symbol.asyncDispose]();
});

const sql = (text: string, values: unknown[] = []) =>
  withClient(platform.databaseUrl, async (client) => (await client.query<Record<string, unknown>>(text, values)).rows);
const stateOf = async (videoId: string) =>
  (await sql('select state, fence, dispatched_at from transcode.encodings where video_id = $1', [videoId]))[0];
const dispatchedOnce = (videoId: string) =>
  eventually(async () => ((await stateOf(videoId))?.['dispatched_at'] ? true : undefined));

const expectReadyOnce = async (videoId: string) => {
  await platform.until(videoReady, videoId);
  expect(platform.told(encodingStarted, videoId)).toHaveLength(1);
  expect(platform.told(videoPlayable, videoId)).toHaveLength(1);
  expect(platform.told(videoReady, videoId)).toHaveLength(1);
  expect(platform.told(encodingFailed, videoId)).toHaveLength(0);
};

describe('after a stop', () => {
  it('takes up what was uploaded meanwhile', async () => {
    await platform.stop();
    const { videoId } = await platform.upload(await media.mp4());
    encodeWith();
    await platform.start();
    await expectReadyOnce(videoId);
  });

  it('finishes what encoders went on with, although their reports were refused for a while', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 10 }));
    const held = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    encodeWith(async (step) => {
      if (step.kind !== 'chunk' || step.index !== 0) return;
      held.resolve();
      await gate.promise;
    });
    await held.promise;
    await platform.stop();
    gate.resolve();
    // The job fails to report, and is tried again later.
    await eventually(async () => (await platform.redis.zcard('bull:encode:delayed')) > 0);
    await platform.start();
    await expectReadyOnce(videoId);
  });

  it('adds the jobs that a crash kept from the queue, under the same fence', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    await dispatchedOnce(videoId);
    await platform.stop();
    await platform.redis.flushall();
    await sql('update transcode.encodings set dispatched_at = null');
    await platform.start();
    encodeWith();
    await expectReadyOnce(videoId);
    expect(await stateOf(videoId)).toMatchObject({ fence: 1 });
  });

  it('adds a start that never reached the queue', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    await dispatchedOnce(videoId);
    await platform.stop();
    await platform.redis.flushall();
    await sql("update transcode.encodings set state = 'queued', plan = null, started_at = null, dispatched_at = null");
    encodeWith();
    await platform.start();
    await platform.until(videoReady, videoId);
  });

  it('tries the end again when it failed through no fault of the source', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    await dispatchedOnce(videoId);
    await platform.stop();
    encodeWith();
    await platform.start();
    await platform.until(videoPlayable, videoId);
    await platform.until(videoReady, videoId);
    // Taken back to the moment before, with a finishing job that has failed for good.
    await encoder?.close();
    await platform.stop();
    await sql("update transcode.encodings set state = 'playable', finished_at = null, published_ms = null");
    const [id] = await sql('select id from transcode.encodings').then((found) => found.map((row) => String(row['id'])));
    await platform.redis.del(`bull:transcode:${id}-finish-1`);
    await platform.redis.zrem('bull:transcode:completed', `${id}-finish-1`);
    const connection = createRedis(platform.redisServer.url);
    const worker = new Worker('transcode', async () => Promise.reject(new UnrecoverableError('store away')), {
      connection,
    });
    const failed = new Promise((resolve) => worker.once('failed', resolve));
    const producer = createProducer(finishEncoding, connection);
    await producer.enqueue({ encodingId: id ?? '', videoId, fence: 1 });
    await failed;
    await worker.close();
    await producer.close();
    connection.disconnect();
    await platform.start();
    await eventually(() => platform.told(videoReady, videoId).length === 2);
  });
});

describe('when Redis is emptied', () => {
  it('adds all jobs again under a higher fence, and refuses those who still work for the old one', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 10 }));
    const held = Promise.withResolvers<() => Promise<void>>();
    const gate = Promise.withResolvers<void>();
    encodeWith(async (step) => {
      if (step.kind !== 'chunk' || step.fence !== 1) return;
      held.resolve(() => step.report([1]));
      await gate.promise;
    });
    const reportLate = await held.promise;
    await platform.redis.flushall();
    await eventually(async () => (await stateOf(videoId))?.['fence'] === 2);
    await expect(reportLate()).rejects.toMatchObject({ code: 'encoding.fenced' });
    await expectReadyOnce(videoId);
    gate.resolve();
  });
});

describe('chunks in parallel', () => {
  it('are one video in the end', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 20 }));
    encodeWith();
    await expectReadyOnce(videoId);
    const chunks = encoder?.ran.filter((step) => step.kind === 'chunk') ?? [];
    expect(chunks.length).toBeGreaterThan(2);
  });

  it('fail as one when one fails, without waiting for the others', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 20 }));
    const gate = Promise.withResolvers<void>();
    encodeWith(async (step) => {
      if (step.kind === 'chunk' && step.index === 1) throw new PermanentFailure('source.unreadable', 'Damaged.');
      if (step.kind === 'audio') await gate.promise;
    });
    expect((await platform.until(encodingFailed, videoId)).data).toMatchObject({ code: 'source.unreadable' });
    gate.resolve();
  });
});

describe('an encoding that nothing can move', () => {
  it('fails as stalled', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    await dispatchedOnce(videoId);
    for (const key of await platform.redis.keys('bull:encode:*')) await platform.redis.del(key);
    expect((await platform.until(encodingFailed, videoId)).data).toMatchObject({ code: 'encoding.stalled' });
  });

  it('is left alone while its jobs merely wait for an encoder', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    await dispatchedOnce(videoId);
    const since = Date.now();
    // Well past the limit, the reconciler has come by, and nothing has happened.
    await eventually(() => Date.now() - since > 4_500);
    expect(await stateOf(videoId)).toMatchObject({ state: 'encoding', fence: 1 });
    encodeWith();
    await expectReadyOnce(videoId);
  });
});
