import { encodingFailed, videoReady } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { eventually, media, withClient } from '@kinora/testing';
import { type Platform, startPlatform } from './support/platform';
import { type ScriptedEncoder, startScriptedEncoder } from './support/scripted-encoder';

jest.setTimeout(120_000);

let platform: Platform;
let encoder: ScriptedEncoder;
beforeAll(async () => {
  platform = await startPlatform();
  encoder = startScriptedEncoder(platform);
});
afterAll(async () => {
  await encoder.close();
  await platform[Symbol.asyncDispose]();
});

const keysOf = async (videoId: string, encodingId: string): Promise<number> => {
  let count = 0;
  for await (const { key } of platform.stores.distribution.list(layout.encoding(videoId, encodingId)))
    if (key) count += 1;
  return count;
};

it('encodes a ready video again, and removes the old media only after that', async () => {
  const { videoId } = await platform.upload(await media.mp4());
  const { encodingId: old } = (await platform.until(videoReady, videoId)).data;
  const owner = await platform.owner();
  const before = await keysOf(videoId, old);
  const asked = await Promise.allSettled([
    owner.encodeAgain({ params: { videoId } }),
    owner.encodeAgain({ params: { videoId } }),
  ]);
  const begun = new Set(asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : [])));
  expect(begun.size).toBe(1);
  // Whichever came when the other was under way already.
  for (const answer of asked)
    if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'encoding.not_ready' });
  const [newer = ''] = begun;
  await eventually(() => platform.told(videoReady, videoId).some(({ data }) => data.encodingId === newer));
  expect(await keysOf(videoId, newer)).toBe(before);
  // Viewers have an hour; then it goes.
  expect(await keysOf(videoId, old)).toBe(before);
  const prefix = layout.encoding(videoId, old);
  await withClient(platform.databaseUrl, async (client) => {
    const { rows } = await client.query<{ left: number }>(
      'select extract(epoch from due_at - now())::float as left from transcode.sweeps where prefix = $1',
      [prefix],
    );
    expect(rows[0]?.left).toBeGreaterThan(3_500);
    await client.query('update transcode.sweeps set due_at = now() where prefix = $1', [prefix]);
  });
  await eventually(async () => (await keysOf(videoId, old)) === 0, { label: 'the old media gone' });
  expect(await keysOf(videoId, newer)).toBe(before);
  expect(platform.told(encodingFailed, videoId)).toEqual([]);
});

it('tells how long it still takes, once it knows', async () => {
  const gate = Promise.withResolvers<void>();
  await encoder.close();
  encoder = startScriptedEncoder(platform, async (step) => {
    if (step.kind !== 'chunk') return;
    await step.report([1], 0.1);
    // A tenth more, some seconds later: the rate of a real clock.
    const since = Date.now();
    await eventually(() => Date.now() - since > 3_200);
    await step.report([1], 0.2);
    await gate.promise;
  });
  const { videoId } = await platform.upload(await media.silent({ seconds: 10 }));
  const owner = await platform.owner();
  const get = () => owner.getEncoding({ params: { videoId } });
  const { progress, estimatedSecondsLeft } = await eventually(
    async () => {
      const encoding = await get();
      // Both parts have told their second tenth.
      return encoding.estimatedSecondsLeft === null || encoding.progress < 0.19 ? undefined : encoding;
    },
    { timeoutMs: 30_000 },
  );
  expect(progress).toBeCloseTo(0.2);
  // Eight tenths at a tenth in three seconds and a little, or somewhat more: the time begins with whichever part told first.
  expect(estimatedSecondsLeft).toBeGreaterThan(15);
  expect(estimatedSecondsLeft).toBeLessThan(60);
  gate.resolve();
  await platform.until(videoReady, videoId);
  expect(await get()).toMatchObject({ progress: 1, estimatedSecondsLeft: null });
});
