import { newId } from '@kinora/contracts-common';
import { backend } from '@kinora/testing';
import {
  type Instance,
  type World,
  rollupsOf,
  scan,
  startAnalytics,
  startProcess,
  startWorld,
} from './support/analytics';
import { random } from './support/player';
import { type Log, aroundNow, atRest, inParallel, post, replayOf, tenfold } from './support/replay';

jest.setTimeout(600_000);

const SESSIONS = 100;
const VIDEO = newId('vid');
// One table name for each run of this file: the server stays.
const place = (name: string, db: number) => ({ table: `${name}-${VIDEO}`, db });

// Whoever is to die holds on to what it has acknowledged.
const holding = { SESSION_GATHER_MS: '5000', ROLLUP_DELAY_MS: '5000' };

let world: World;
let logs: Log[];
let undisturbed: Record<string, unknown>;
let truth: Awaited<ReturnType<Instance['api']['getVideoAnalytics']>>;
const sessionsIn = (rows: Awaited<ReturnType<typeof scan>>) => rows.filter(({ pk }) => pk.startsWith('VH#'));
const reportOf = (instance: Instance) =>
  instance.api.getVideoAnalytics({ params: { videoId: VIDEO }, query: aroundNow() });

beforeAll(async () => {
  world = await startWorld();
  expect(world.dynamo.url).toBe(backend('dynamodb').endpoint);
  world.neighbours.videos.add(VIDEO);
  logs = await replayOf(VIDEO, SESSIONS, 2_026);
  const { table, db } = place('undisturbed', 1);
  const one = await startAnalytics(world, { table, db });
  await inParallel(logs, 16, ({ token, beacons }) => post(one, token, beacons));
  undisturbed = rollupsOf(await atRest(world, table), VIDEO);
  truth = await reportOf(one);
  await one.stop();
});
afterAll(async () => world[Symbol.asyncDispose]());

it('counts what the players reported', () => {
  const newest = logs.map(({ beacons }) => beacons.at(-1));
  const sum = (pick: (one: { playing: number; stall: number; seek: number }) => number) =>
    newest.reduce((total, one) => total + (one ? pick(one) : 0), 0);
  expect(truth.totals).toMatchObject({
    plays: SESSIONS,
    playingMs: sum((one) => one.playing),
    watchMs: sum((one) => one.playing + one.stall + one.seek),
  });
});

it('makes the same rollups, byte for byte, of ten copies in disorder through three replicas, one of them killed', async () => {
  const there = place('disturbed', 2);
  const mortal = await startProcess(world, { ...there, env: holding });
  const others = [await startAnalytics(world, there), await startAnalytics(world, there)];
  const next = random(7);
  const posts = tenfold(logs, next);
  let alive = true;
  let acknowledgedByTheDead = 0;
  await inParallel(posts, 24, async ({ token, beacons }, i) => {
    if (i === Math.floor(posts.length / 2)) {
      alive = false;
      await mortal.kill();
    }
    if (alive && i % 3 === 0) {
      // What was not acknowledged is sent again, as a player does.
      const acknowledged = await post(mortal, token, beacons).catch(() => undefined);
      if (acknowledged) {
        acknowledgedByTheDead += acknowledged.accepted;
        return;
      }
    }
    await post(others[i % 2] as Instance, token, beacons);
  });
  expect(alive).toBe(false);
  expect(acknowledgedByTheDead).toBeGreaterThan(SESSIONS);
  const rows = await atRest(world, there.table);
  expect(sessionsIn(rows)).toHaveLength(SESSIONS);
  expect(rollupsOf(rows, VIDEO)).toEqual(undisturbed);
  await Promise.all(others.map(({ stop }) => stop()));
});

it('takes over what a killed replica alone had acknowledged', async () => {
  const there = place('heir', 3);
  const mortal = await startProcess(world, { ...there, env: holding });
  await inParallel(logs, 16, ({ token, beacons }) => post(mortal, token, beacons));
  await mortal.kill();
  expect(sessionsIn(await scan(world, there.table)).length).toBeLessThan(SESSIONS);
  const heir = await startAnalytics(world, there);
  expect(rollupsOf(await atRest(world, there.table), VIDEO)).toEqual(undisturbed);
  await heir.stop();
});

it('loses at most half a percent when five beacons in a hundred are lost', async () => {
  const there = place('lossy', 4);
  const one = await startAnalytics(world, there);
  const next = random(11);
  let lost = 0;
  await inParallel(logs, 16, async ({ token, beacons }) => {
    const arrived = beacons.filter(() => next() >= 0.05);
    lost += beacons.length - arrived.length;
    if (arrived.length > 0) await post(one, token, arrived);
  });
  expect(lost).toBeGreaterThan(0.03 * logs.flatMap(({ beacons }) => beacons).length);
  await atRest(world, there.table);
  const { totals } = await reportOf(one);
  for (const name of ['views', 'watchMs', 'playingMs', 'coveredMs'] as const) {
    const off = Math.abs(totals[name] - truth.totals[name]) / truth.totals[name];
    expect([name, off <= 0.005]).toEqual([name, true]);
  }
  await one.stop();
});
