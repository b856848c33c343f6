import { newId } from '@kinora/contracts-common';
import { createBase } from '@kinora/service';
import { backend, eventually } from '@kinora/testing';
import { createTable } from '../src/adapters/dynamodb/create-table';
import { createRollupStore } from '../src/adapters/dynamodb/rollup-store';
import { createSessionStore } from '../src/adapters/dynamodb/session-store';
import { Table, createDynamoClient } from '../src/adapters/dynamodb/table';
import { emptyRollup } from '../src/domain/rollup/rollup';
import { type Instance, type World, scan, sessionToken, startAnalytics, startWorld } from './support/analytics';
import { type FaultProxy, documentedRefusals, startFaultProxy } from './support/fault-proxy';
import { beacon, random } from './support/player';
import { aroundNow, atRest, inParallel, post, replayOf } from './support/replay';
import { VIDEO as OLD_VIDEO, sessionOf } from './support/sessions';

jest.setTimeout(300_000);

const run = newId('vid');
const { throughput, throttling, account, internal } = documentedRefusals;
const played = beacon({ sn: 1, mono: 40_000, startup: 300, playing: 35_000, state: 'ended' });

let world: World;
let proxy: FaultProxy;
beforeAll(async () => {
  world = await startWorld();
  proxy = await startFaultProxy(backend('dynamodb').endpoint);
});
afterEach(() => void (proxy.decide = () => 'pass'));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

const behindProxy = (table: string, db: number): Promise<Instance> =>
  startAnalytics(world, { table, db, env: { DYNAMODB_ENDPOINT: proxy.url } });

/** The adapters without the service around them, on a table of their own. */
async function tableNamed(name: string, clock = Date.now) {
  const client = createDynamoClient({ region: 'us-east-1', table: name, endpoint: proxy.url });
  await createTable(client, name);
  const table = new Table(client, name, createBase('analytics', 'silent').metrics);
  return {
    table,
    sessions: createSessionStore(table, { lifeMs: 86_400_000, clock }),
    rollups: createRollupStore(table, { lifeMs: 86_400_000, clock }),
    [Symbol.dispose]: () => client.destroy(),
  };
}

it('counts every beacon although three requests in ten are throttled, fail or are cut off', async () => {
  const service = await behindProxy(`shaky-${run}`, 1);
  world.neighbours.videos.add(run);
  const logs = await replayOf(run, 30, 5);
  const next = random(3);
  const faults = [throughput, throttling, account, internal, 'cut', 'deaf'] as const;
  proxy.decide = () => (next() < 0.3 ? (faults[Math.floor(next() * faults.length)] ?? 'pass') : 'pass');
  // What was answered 503 is sent again, as a player does.
  await inParallel(logs, 8, ({ token, beacons }) => eventually(() => post(service, token, beacons)));
  await atRest(world, `shaky-${run}`);
  proxy.decide = () => 'pass';
  const { totals } = await service.api.getVideoAnalytics({ params: { videoId: run }, query: aroundNow() });
  const playing = logs.reduce((sum, { beacons }) => sum + (beacons.at(-1)?.playing ?? 0), 0);
  expect([totals.plays, totals.playingMs]).toEqual([30, playing]);
  await service.stop();
});

it.each([
  ['throughput', throughput, 2],
  ['throttling', throttling, 3],
  ['account', account, 4],
] as const)(
  'answers 503 with Retry-After when DynamoDB goes on refusing (%s), after a few tries',
  async (name, fault, db) => {
    const service = await behindProxy(`refused-${name}-${run}`, db);
    const vid = newId('vid');
    const body = JSON.stringify({ sessionToken: await sessionToken({ vid }), beacons: [played] });
    const send = () => fetch(`${service.url}/v1/beacons`, { method: 'POST', body });
    proxy.decide = (operation) => (operation === 'GetItem' || operation === 'PutItem' ? fault : 'pass');
    proxy.seen.clear();
    const began = performance.now();
    const refused = await send();
    expect([name, refused.status, refused.headers.get('retry-after')]).toEqual([name, 503, '2']);
    expect(await refused.json()).toMatchObject({ code: 'service.unavailable' });
    expect(performance.now() - began).toBeLessThan(20_000);
    // Tried again, but not for ever; nothing else of this service has anything to read.
    expect(proxy.seen.get('GetItem')).toBeGreaterThan(1);
    expect(proxy.seen.get('GetItem')).toBeLessThanOrEqual(6);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    proxy.decide = () => 'pass';
    expect((await send()).status).toBe(202);
    await service.stop();
  },
);

it('does the rest of batches that were done in part', async () => {
  using made = await tableNamed(`halves-${run}`);
  for (let n = 0; n < 60; n++) await made.table.put({ Item: { pk: 'p', sk: String(n) } });
  const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'p' } };
  proxy.decide = (operation) => (operation === 'BatchWriteItem' ? 'half' : 'pass');
  proxy.seen.clear();
  await made.table.deleteAll(made.table.query(query));
  expect(await made.table.list(query)).toEqual([]);
  // 25 items by halves are five requests; two such batches, and one of ten.
  expect(proxy.seen.get('BatchWriteItem')).toBe(5 + 5 + 4);
});

it('gives up on a batch of which nothing is ever done', async () => {
  using made = await tableNamed(`undone-${run}`);
  await made.table.put({ Item: { pk: 'p', sk: '1' } });
  const query = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'p' } };
  proxy.decide = (operation) => (operation === 'BatchWriteItem' ? 'undone' : 'pass');
  proxy.seen.clear();
  await expect(made.table.deleteAll(made.table.query(query))).rejects.toMatchObject({ code: 'service.unavailable' });
  expect(proxy.seen.get('BatchWriteItem')).toBe(9);
  expect(await made.table.list(query)).toHaveLength(1);
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('what has expired and is still there', () => {
  const day = 86_400_000;
  it('is not read, not counted, and gives way', async () => {
    // Far ahead: by its own clock DynamoDB has no reason to remove anything.
    const begin = Date.UTC(2095, 0, 15, 10);
    let now = begin + 3_600_000;
    using made = await tableNamed(`expired-${run}`, () => now);
    const { sessions, rollups } = made;
    const session = sessionOf({ sn: 1, playing: 35_000 }, { begin: begin / 1000 });
    const { key } = session;
    expect(await sessions.put(session, 0)).toBe(true);
    const stored = { period: key.hour, rollup: emptyRollup, digest: 'd', version: 1, computedAt: now };
    expect(await rollups.hours.replace(OLD_VIDEO, stored as never, 0)).toBe(true);
    expect(await all(sessions.ofHour(OLD_VIDEO, key.hour))).toEqual([session]);
    expect(await rollups.hours.range(OLD_VIDEO, key.hour, key.hour)).toHaveLength(1);

    now += day;
    const rows = await scan(world, `expired-${run}`);
    expect(rows.map(({ pk }) => pk.slice(0, 2)).sort()).toEqual(['V#', 'VH']);
    expect(await sessions.get(key)).toBeUndefined();
    expect(await all(sessions.ofHour(OLD_VIDEO, key.hour))).toEqual([]);
    expect(await rollups.hours.get(OLD_VIDEO, key.hour)).toBeUndefined();
    expect(await rollups.hours.range(OLD_VIDEO, key.hour, key.hour)).toEqual([]);
    expect(await sessions.put(session, 0)).toBe(true);
    expect(await rollups.hours.replace(OLD_VIDEO, stored as never, 0)).toBe(true);
  });
});
