import { type Beacon } from '@kinora/contracts-analytics';
import { newId } from '@kinora/contracts-common';
import { eventually, testRedis } from '@kinora/testing';
import { Redis } from 'ioredis';
import { type Instance, type World, rollupsOf, sessionToken, startAnalytics, startWorld } from './support/analytics';
import { beacon, playScript, random, randomScript } from './support/player';
import { type Log, aroundNow, atRest, inParallel, post, replayOf, tenfold } from './support/replay';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(async () => world[Symbol.asyncDispose]());

const VIDEO = newId('vid');
const now = Math.floor(Date.now() / 1000);
const logsOf = (count: number, seed: number) => replayOf(VIDEO, count, seed);
const settled = (table: string) => atRest(world, table);
const around = aroundNow();

describe('beacons over HTTP', () => {
  let logs: Log[];
  let inOrder: Record<string, unknown>;
  let truth: Awaited<ReturnType<Instance['api']['getVideoAnalytics']>>;

  beforeAll(async () => {
    world.neighbours.videos.add(VIDEO);
    logs = await logsOf(14, 42);
    const one = await startAnalytics(world, { table: 'in-order', db: 1 });
    for (const { token, beacons } of logs) {
      const { accepted, refused } = await post(one, token, beacons);
      expect([accepted, refused]).toEqual([beacons.length, 0]);
    }
    inOrder = rollupsOf(await settled('in-order'), VIDEO);
    truth = await one.api.getVideoAnalytics({ params: { videoId: VIDEO }, query: around });
    await one.stop();
  });

  it('are added up as the script says', () => {
    const newest = logs.map(({ beacons }) => beacons.at(-1) as Beacon);
    const sum = (pick: (beacon: Beacon) => number) => newest.reduce((total, one) => total + pick(one), 0);
    expect(truth.totals).toMatchObject({
      ...{ attempts: 14, plays: 14, uniqueViewers: 7, errors: 0, exitsBeforeStart: 0 },
      playingMs: sum((one) => one.playing),
      watchMs: sum((one) => one.playing + one.stall + one.seek),
      views: newest.filter((one) => one.playing >= 30_000).length,
      rungMs: { v720: sum((one) => one.playing) },
    });
    expect(truth.uniqueViewersExact).toBe(true);
    expect(truth.retention.bucketMs).toBe(1_000);
    expect(truth.series.reduce((total, { plays }) => total + plays, 0)).toBe(14);
  });

  it('make the same rollup, byte for byte, ten times over, shuffled, at once, through three replicas', async () => {
    const place = { table: 'shuffled', db: 2 };
    const instances = await Promise.all([1, 2, 3].map(() => startAnalytics(world, place)));
    const next = random(7);
    const posts = tenfold(logs, next);
    const redis = new Redis(`${world.redis.url}/2`);
    await inParallel(posts, 24, async ({ token, beacons }, i) => {
      // The transport may lose everything at any time; it is not the record.
      if (i === Math.floor(posts.length / 2)) await redis.flushdb();
      await post(instances[i % 3] as Instance, token, beacons);
    });
    await redis.flushdb();
    await redis.quit();
    const rows = await settled('shuffled');
    expect(rows.filter(({ pk }) => pk.startsWith('VH#'))).toHaveLength(logs.length);
    expect(rollupsOf(rows, VIDEO)).toEqual(inOrder);
    await Promise.all(instances.map(({ stop }) => stop()));

    // Another process finds all that these had.
    const after = await startAnalytics(world, place);
    const { updatedAt: _, ...report } = await after.api.getVideoAnalytics({
      params: { videoId: VIDEO },
      query: around,
    });
    const { updatedAt: _before, ...expected } = truth;
    expect(report).toEqual(expected);
    await after.stop();
  });

  it('may be lost: with five in a hundred gone, totals are within half a percent', async () => {
    const instance = await startAnalytics(world, { table: 'lossy', db: 3 });
    const next = random(11);
    for (const { token, beacons } of logs) {
      const arrived = beacons.filter(() => next() >= 0.05);
      await post(instance, token, arrived);
    }
    await settled('lossy');
    const { totals } = await instance.api.getVideoAnalytics({ params: { videoId: VIDEO }, query: around });
    for (const name of ['playingMs', 'watchMs', 'coveredMs'] as const)
      expect(Math.abs(totals[name] - truth.totals[name]) / truth.totals[name]).toBeLessThan(0.005);
    expect([totals.attempts, totals.plays, totals.views]).toEqual([
      truth.totals.attempts,
      truth.totals.plays,
      truth.totals.views,
    ]);
    await instance.stop();
  });

  it('learn the duration late: coverage and retention are computed again', async () => {
    const instance = await startAnalytics(world, { table: 'growing', db: 4 });
    const vid = newId('vid');
    world.neighbours.videos.add(vid);
    const beg = now - 7_200;
    const beacons = playScript(randomScript(random(3), 100, beg * 1000));
    await post(instance, await sessionToken({ vid, beg, dur: null, iat: now - 100 }), beacons);
    await settled('growing');
    const read = () => instance.api.getVideoAnalytics({ params: { videoId: vid }, query: around });
    expect((await read()).retention.bucketMs).toBe(0);
    // Another viewer, an hour later, when the encoder is done.
    await post(instance, await sessionToken({ vid, beg: now - 600, dur: 100_000 }), beacons.slice(0, 1));
    const { retention, totals } = await eventually(async () => {
      const report = await read();
      return report.retention.bucketMs > 0 && report.totals.plays === 2 && report.totals.averageViewed !== 0
        ? report
        : undefined;
    });
    expect(retention.sessions).toHaveLength(100);
    expect(totals.averageViewed).toBeGreaterThan(0);
    await instance.stop();
  });

  it('are taken while Redis is away, and rolled up when it is back', async () => {
    const redis = await testRedis();
    const instance = await startAnalytics({ ...world, redis }, { table: 'without-redis' });
    const vid = newId('vid');
    world.neighbours.videos.add(vid);
    await redis.stop();
    const { accepted } = await post(instance, await sessionToken({ vid }), [beacon({ startup: 5, playing: 31_000 })]);
    expect(accepted).toBe(1);
    await using _again = await testRedis({ port: redis.port });
    await eventually(async () => {
      const { totals } = await instance.api.getVideoAnalytics({ params: { videoId: vid }, query: {} });
      return totals.views === 1;
    });
    await instance.stop();
  });
});
