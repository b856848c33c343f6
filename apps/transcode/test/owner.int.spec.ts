import { ApiProblem, newId } from '@kinora/contracts-common';
import { encodingFailed, encodingStarted, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { eventually, media, withClient } from '@kinora/testing';
import { text } from 'node:stream/consumers';
import { type Platform, startPlatform } from './support/platform';
import { type ScriptedEncoder, type Step, startScriptedEncoder } from './support/scripted-encoder';

jest.setTimeout(120_000);

let platform: Platform;
let encoder: ScriptedEncoder | undefined;

beforeAll(async () => void (platform = await startPlatform()));
afterEach(async () => {
  await encoder?.close();
  encoder = undefined;
});
afterAll(() => platform[Symbol.asyncDispose]());

const problem = async (call: Promise<unknown>): Promise<{ status: number; code: string }> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`no problem, but ${String(error)}`);
  return { status: error.status, code: error.code };
};
const rows = (sql: string, values: unknown[] = []) =>
  withClient(platform.databaseUrl, async (client) => (await client.query<Record<string, unknown>>(sql, values)).rows);
const isEmpty = async (prefix: string): Promise<boolean> => {
  for await (const _ of platform.stores.distribution.list(prefix)) return false;
  return true;
};

/** A chunk that has reported its first segment and is held there. */
async function heldEncoding(): Promise<{ videoId: string; step: Step; release: () => void }> {
  const { videoId } = await platform.upload(await media.mp4({ seconds: 10 }));
  const held = Promise.withResolvers<Step>();
  const gate = Promise.withResolvers<void>();
  encoder = startScriptedEncoder(platform, async (step) => {
    if (step.kind !== 'chunk' || step.videoId !== videoId || step.index !== 0) return;
    await step.report([1], 0.1);
    held.resolve(step);
    await gate.promise;
  });
  return { videoId, step: await held.promise, release: () => gate.resolve() };
}

describe('an owner', () => {
  it('stops an encoding: jobs go, late reports are refused, and players that were shown it come to an end', async () => {
    const { videoId, step, release } = await heldEncoding();
    await platform.until(videoPlayable, videoId);
    const client = await platform.owner();
    const stopped = await client.cancelEncoding({ params: { videoId } });
    expect(stopped).toMatchObject({ state: 'cancelled', error: { code: 'encoding.cancelled' } });
    expect((await platform.until(encodingFailed, videoId)).data).toMatchObject({ code: 'encoding.cancelled' });
    expect(await problem(step.report([2]))).toEqual({ status: 409, code: 'encoding.fenced' });
    expect(await client.cancelEncoding({ params: { videoId } })).toMatchObject({ state: 'cancelled' });
    // The job is nobody's any more, and its worker notices.
    await eventually(() => step.signal.aborted, { label: 'the job at work to end' });
    expect(await platform.redis.keys(`bull:encode:${step.encodingId}-chunk-*`)).toEqual([]);
    release();
    await eventually(async () => (await platform.redis.exists(`bull:transcode:${step.encodingId}-finish-1`)) === 0);
    await eventually(async () => (await platform.redis.exists(`bull:encode:${step.encodingId}-storyboard-1`)) === 0);
    await eventually(async () => {
      const { body } = await platform.stores.distribution.get(layout.playlist(videoId, step.encodingId, 'v180'));
      return (await text(body)).includes('#EXT-X-ENDLIST');
    });
    const [sweep] = await rows('select due_at > now() as later from transcode.sweeps where video_id = $1', [videoId]);
    expect(sweep).toEqual({ later: true });
    expect(platform.told(videoReady, videoId)).toHaveLength(0);
    expect(platform.told(encodingFailed, videoId)).toHaveLength(1);
  });

  it('tries again: a new encoding of the same source, one for all who ask at once', async () => {
    const { videoId, step, release } = await heldEncoding();
    const client = await platform.owner();
    expect(await problem(client.retryEncoding({ params: { videoId } }))).toEqual({
      status: 409,
      code: 'encoding.not_failed',
    });
    await client.cancelEncoding({ params: { videoId } });
    release();
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, () => client.retryEncoding({ params: { videoId } })),
    );
    expect(asked.some((one) => one.status === 'fulfilled')).toBe(true);
    const [{ count }] = (await rows('select count(*)::int as count from transcode.encodings where video_id = $1', [
      videoId,
    ])) as [{ count: number }];
    expect(count).toBe(2);
    await encoder?.close();
    encoder = startScriptedEncoder(platform);
    const ready = await platform.until(videoReady, videoId);
    expect(ready.data.encodingId).not.toBe(step.encodingId);
    expect(await problem(client.retryEncoding({ params: { videoId } }))).toMatchObject({ code: 'encoding.not_failed' });
    expect(await problem(client.cancelEncoding({ params: { videoId } }))).toMatchObject({ code: 'encoding.finished' });
    expect(await client.getEncoding({ params: { videoId } })).toMatchObject({ id: ready.data.encodingId });
  });

  it('is the only one, beside admins', async () => {
    const { videoId } = await platform.upload(await media.text());
    await platform.until(encodingFailed, videoId);
    const of = async (user: string, roles: ('creator' | 'admin')[]) =>
      platform.owner(await platform.neighbours.personToken(user, roles));
    const params = { videoId };
    expect(await problem((await of('stranger', ['creator'])).getEncoding({ params }))).toEqual({
      status: 404,
      code: 'video.not_found',
    });
    expect(await (await of('boss', ['admin'])).getEncoding({ params })).toMatchObject({
      state: 'failed',
      error: { code: 'source.not_media' },
    });
    const unknown = { params: { videoId: newId('vid') } };
    expect(await problem((await platform.owner()).getEncoding(unknown))).toMatchObject({ code: 'video.not_found' });
    const anyone = await fetch(`${platform.url()}/v1/videos/${videoId}/encoding`);
    expect(anyone.status).toBe(401);
    // The internal side does not exist for people.
    const token = await platform.neighbours.personToken('boss', ['admin']);
    const inside = await fetch(`${platform.url()}/internal/v1/encodings/${newId('enc')}/segments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(inside.status).toBe(404);
    const report = { fence: 1, jobId: 'x', encodedSeconds: 0, tracks: [] };
    const reports = await platform.reports();
    const call = reports.reportSegments({ params: { encodingId: newId('enc') }, body: report });
    expect(await problem(call)).toEqual({ status: 404, code: 'encoding.not_found' });
  });
});

describe('reports', () => {
  it('change nothing when they are repeated and shuffled', async () => {
    const { videoId, step, release } = await heldEncoding();
    const order = [3, 1, 2, 2, 3, 1, 1];
    for (const number of order) await step.report([number], number / 10);
    await Promise.all(order.map((number) => step.report([number, 1], number / 20)));
    const landed = await rows(
      `select rendition_id, array_agg(number order by number) as numbers from transcode.segments
       where encoding_id = $1 group by rendition_id`,
      [step.encodingId],
    );
    for (const { rendition_id: id, numbers } of landed) if (id !== 'a0') expect(numbers).toEqual([1, 2, 3]);
    const [{ progress }] = (await rows('select progress from transcode.encodings where id = $1', [
      step.encodingId,
    ])) as [{ progress: number }];
    // A tenth of the chunk's seconds three times over, and what the sound has made by now.
    expect(progress).toBeGreaterThanOrEqual(0.1);
    release();
    await platform.until(videoReady, videoId);
  });
});

describe('a deleted video', () => {
  it('leaves nothing, even when a worker writes late or the upload is told again', async () => {
    const { videoId, step, release } = await heldEncoding();
    const prefix = layout.video(videoId);
    await platform.deleteVideo(videoId);
    await eventually(() => isEmpty(prefix));
    expect(await problem(step.report([2]))).toMatchObject({ code: 'encoding.fenced' });
    // That report wrote first, as a real one would; so does whoever never reports again.
    const late = layout.segment(videoId, step.encodingId, 'v180', 9);
    await platform.stores.distribution.put(late, Buffer.from('late'), { contentType: 'video/mp4' });
    release();
    await eventually(() => isEmpty(prefix));
    await eventually(
      async () => (await rows('select 1 from transcode.encodings where video_id = $1', [videoId])).length === 0,
    );
    expect(await rows('select 1 from transcode.sweeps where video_id = $1', [videoId])).toEqual([]);
    await platform.upload(await media.mp4(), { videoId });
    await platform.deleteVideo(videoId);
    const { videoId: other } = await platform.upload(await media.mp4());
    await platform.until(encodingStarted, other);
    expect(await rows('select 1 from transcode.encodings where video_id = $1', [videoId])).toEqual([]);
    expect(platform.told(encodingFailed, videoId)).toEqual([]);
  });
});
