import { type BeaconInput } from '@kinora/contracts-analytics';
import { newId } from '@kinora/contracts-common';
import { createRedis } from '@kinora/jobs';
import { eventually, eventuallyHolds } from '@kinora/testing';
import { Queue } from 'bullmq';
import {
  type Instance,
  type World,
  isMarked,
  scan,
  sessionToken,
  startAnalytics,
  startWorld,
} from './support/analytics';
import { listenTo } from './support/event-source';
import { OWNER } from './support/platform';
import { beacon } from './support/player';

jest.setTimeout(120_000);

const TABLE = 'analytics';
const now = Math.floor(Date.now() / 1000);
const played: Partial<BeaconInput> = {
  ...{ sn: 3, mono: 40_000, startup: 300, playing: 35_000, position: 35, runs: { 0: [0, 35] } },
  dimensions: { device: 'mobile', browser: 'Safari' },
};

let world: World;
let service: Instance;
beforeAll(async () => {
  world = await startWorld();
  service = await startAnalytics(world, { table: TABLE, env: { LIVE_RECHECK_MS: '500' } });
});
afterAll(async () => world[Symbol.asyncDispose]());

/** What other services tell this one. */
function eventsOf({ redis }: World) {
  const connection = createRedis(redis.url);
  const queue = new Queue('events.analytics', { connection });
  return {
    publish: (name: string, data: object, id = newId('evt')) =>
      queue.add(name, { id, name, occurredAt: new Date().toISOString(), data, context: {} }, { jobId: id }),
    failed: () => queue.getFailedCount(),
    async [Symbol.asyncDispose]() {
      await queue.close();
      connection.disconnect();
    },
  };
}

/** A video of nine seconds. */
const readyFacts = (videoId: string) => ({
  ...{ videoId, encodingId: newId('enc'), durationMs: 9_000, width: 320, height: 180, bytes: 1 },
  ...{ renditions: [], poster: true, storyboard: true },
});

const newVideo = (): string => {
  const vid = newId('vid');
  world.neighbours.videos.add(vid);
  return vid;
};
const bearer = async (userId: string, options?: { groups?: string[]; expiresIn?: number }) => ({
  authorization: `Bearer ${await world.neighbours.personToken(userId, options)}`,
});
const post = async (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${service.url}/v1/beacons`, { method: 'POST', headers, body: text });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};
const report = (videoId: string) => service.api.getVideoAnalytics({ params: { videoId }, query: {} });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: { code: string; status: number }) => `${error.status} ${error.code}`,
  );

describe('POST /v1/beacons', () => {
  it('shows a view that has just ended within seconds', async () => {
    const vid = newVideo();
    const before = Date.now();
    const { status, body } = await post({
      sessionToken: await sessionToken({ vid }),
      beacons: [beacon({ ...played, ts: before, state: 'ended' })],
    });
    expect([status, body]).toEqual([202, { accepted: 1, refused: 0 }]);
    const { totals, devices, browsers } = await eventually(async () => {
      const seen = await report(vid);
      return seen.totals.views === 1 && seen;
    });
    expect(totals).toMatchObject({ plays: 1, playingMs: 35_000, uniqueViewers: 1, peakConcurrent: 1 });
    expect([devices, browsers]).toEqual([{ mobile: 1 }, { safari: 1 }]);
  });

  it('takes what sendBeacon sends, from any page', async () => {
    const { status, headers } = await post(
      JSON.stringify({ sessionToken: await sessionToken({ vid: newVideo() }), beacons: [played].map(beacon) }),
      { 'content-type': 'text/plain;charset=UTF-8', origin: 'https://blog.example' },
    );
    expect([status, headers.get('access-control-allow-origin')]).toEqual([202, '*']);
    const preflight = await fetch(`${service.url}/v1/beacons`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type']);
  });

  it('refuses forged numbers one by one, and counts them', async () => {
    const vid = newVideo();
    const token = await sessionToken({ vid, beg: now - 60 });
    const { status, body } = await post({
      sessionToken: token,
      beacons: [
        beacon({ ...played, sn: 1 }),
        beacon({ ...played, sn: 2, playing: 9_000_000 }),
        beacon({ ...played, sn: 3, position: 5_000 }),
        beacon({ ...played, sn: 4, runs: { 0: [0, 9_000] } }),
        beacon({ ...played, sn: 5, stalls: 1_000_000 }),
      ],
    });
    expect([status, body]).toEqual([202, { accepted: 1, refused: 4 }]);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    for (const reason of ['time', 'position', 'runs', 'counts'])
      expect(metrics).toMatch(new RegExp(`analytics_beacons_total\\{outcome="refused",reason="${reason}".* 1`));
    const { totals } = await eventually(async () => {
      const seen = await report(vid);
      return seen.totals.plays === 1 && seen;
    });
    expect(totals.playingMs).toBe(35_000);
  });

  it('answers what does not fit with 400, and never with 500', async () => {
    const sessionToken_ = await sessionToken({ vid: newVideo() });
    const whole = beacon(played);
    const bodies: unknown[] = [
      { sessionToken: sessionToken_, beacons: [] },
      { sessionToken: sessionToken_, beacons: Array.from({ length: 51 }, () => whole) },
      { sessionToken: sessionToken_, beacons: [{ ...whole, position: -1 }] },
      { sessionToken: sessionToken_, beacons: [{ ...whole, playing: 1e300 }] },
      { sessionToken: sessionToken_, beacons: [{ ...whole, sn: 1.5 }] },
      { sessionToken: sessionToken_, beacons: [{ ...whole, errors: [{ id: 'x'.repeat(99) }] }] },
      JSON.stringify({ sessionToken: sessionToken_, beacons: [whole] }).replace('"rungs":{', '"rungs":{"__proto__":1,'),
      '{"sessionToken":',
      '[]',
    ];
    for (const body of bodies) expect([(await post(body)).status, body]).toEqual([400, body]);
    // A clock that is anywhere is no lie about the session.
    expect((await post({ sessionToken: sessionToken_, beacons: [{ ...whole, ts: 1e300 }] })).status).toBe(202);
    const large = { sessionToken: sessionToken_, beacons: [whole], more: 'x'.repeat(600_000) };
    expect((await post(large)).status).toBe(413);
  });

  it('wants a token of ours that is not too old', async () => {
    const vid = newVideo();
    const beacons = [beacon(played)];
    const parts = (await sessionToken({ vid })).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${parts[1]}.`;
    const tampered = `${parts[0]}.${Buffer.from('{"sid":"x"}').toString('base64url')}.${parts[2]}`;
    const future = await sessionToken({ vid, beg: now + 3_600 });
    const foreign = await sessionToken({ vid }, { key: 'another key of at least thirty-two characters' });
    for (const refused of [none, tampered, future, foreign, 'not a token at all'])
      expect((await post({ sessionToken: refused, beacons })).body).toMatchObject({
        status: 401,
        code: 'session.invalid',
      });
    const late = await sessionToken({ vid, beg: now - 20_000, iat: now - 20_000, exp: now - 10_000 });
    expect((await post({ sessionToken: late, beacons })).status).toBe(202);
    const old = await sessionToken({ vid, beg: now - 200_000, iat: now - 200_000, exp: now - 100_000 });
    expect((await post({ sessionToken: old, beacons })).body).toMatchObject({ status: 410, code: 'session.ended' });
  });

  it('keeps no address of the viewer', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': '203.0.113.77',
      'user-agent': 'TellTale/1',
    };
    await post({ sessionToken: await sessionToken({ vid: newVideo() }), beacons: [beacon(played)] }, headers);
    expect(JSON.stringify(await scan(world, TABLE))).not.toMatch(/203\.0\.113|TellTale|127\.0\.0\.1/);
  });
});

describe('GET /v1/videos/{id}/analytics', () => {
  it('is for the owner and for admins; to others there is no such video', async () => {
    const vid = newVideo();
    const get = async (headers: Record<string, string>, id = vid, query = '') =>
      (await fetch(`${service.url}/v1/videos/${id}/analytics${query}`, { headers })).status;
    expect(await get(await bearer(OWNER))).toBe(200);
    expect(await get(await bearer('root', { groups: ['admin'] }))).toBe(200);
    expect(await get(await bearer('somebody', { groups: ['creator'] }))).toBe(404);
    expect(await get(await bearer(OWNER), newId('vid'))).toBe(404);
    expect(await get({})).toBe(401);
    expect(await get(await bearer(OWNER), vid, '?from=yesterday')).toBe(400);
    expect(await get(await bearer(OWNER), vid, '?from=2020-01-01T00:00:00Z')).toBe(400);
  });

  it('is all zeros for a video that nobody has watched', async () => {
    const { totals, series, updatedAt } = await report(newVideo());
    expect([totals.attempts, totals.rebufferRatio, totals.startup, updatedAt]).toEqual([0, null, null, null]);
    expect(series.length).toBeGreaterThanOrEqual(30);
  });
});

describe('GET /v1/videos/{id}/analytics/live', () => {
  const live = (vid: string) => `${service.url}/v1/videos/${vid}/analytics/live`;

  it('counts viewers as they come and go, at most once a second', async () => {
    const vid = newVideo();
    const listener = await listenTo(live(vid), { ...(await bearer(OWNER)), 'last-event-id': '5' });
    expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.response.headers.get('content-encoding')).toBeNull();
    await listener.untilViewers(0);
    expect(listener.text()).toMatch(/^retry: \d+\n\n/);
    const tokens = await Promise.all([1, 2].map(() => sessionToken({ vid, beg: Math.floor(Date.now() / 1000) })));
    const tell = (sessionToken: string | undefined, sn: number, state: 'playing' | 'paused' | 'ended') =>
      post({ sessionToken, beacons: [beacon({ sn, ts: Date.now(), mono: sn * 100, state })] });
    for (const token of tokens) await tell(token, 1, 'playing');
    await listener.untilViewers(2);
    await tell(tokens[0], 2, 'paused');
    await listener.untilViewers(1);
    // Late news of the past bring nobody back.
    await tell(tokens[0], 1, 'playing');
    await tell(tokens[1], 2, 'ended');
    await listener.untilViewers(0);
    const gaps = listener.events.slice(1).map(({ at }, i) => at - (listener.events[i]?.at ?? 0));
    // A wall clock in whole milliseconds may lose one.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(999);
    listener.close();
  });

  it('ends when the caller may no longer look', async () => {
    const vid = newVideo();
    // Expired a moment ago: still forgiven when it opens, no longer a few seconds later.
    const listener = await listenTo(live(vid), await bearer(OWNER, { expiresIn: -3 }));
    await listener.untilViewers(0);
    await eventually(() => listener.ended(), { label: 'the end of the stream' });
    expect((await fetch(live(vid), { headers: await bearer(OWNER, { expiresIn: -60 }) })).status).toBe(401);
  });

  it('is not for strangers, and ends when the service does', async () => {
    const vid = newVideo();
    const stranger = await fetch(live(vid), { headers: await bearer('somebody') });
    expect([stranger.status, ((await stranger.json()) as { code: string }).code]).toEqual([404, 'video.not_found']);
    const second = await startAnalytics(world, { table: TABLE });
    const listener = await listenTo(`${second.url}/v1/videos/${vid}/analytics/live`, await bearer(OWNER));
    await listener.untilViewers(0);
    const before = performance.now();
    await second.stop();
    expect(listener.ended()).toBe(true);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('the end of an encoding', () => {
  it('makes a view of what was watched while the video grew', async () => {
    const vid = newVideo();
    const watched = { ...played, mono: 10_000, playing: 8_000, position: 8, runs: { 0: [0, 8] as [number, number] } };
    await post({ sessionToken: await sessionToken({ vid, dur: null }), beacons: [beacon(watched)] });
    await eventually(async () => (await report(vid)).totals.plays === 1);
    // Of a video of unknown length, eight seconds are none.
    expect((await report(vid)).totals.views).toBe(0);
    await using events = eventsOf(world);
    await events.publish('video.ready.v1', readyFacts(vid));
    await eventually(async () => (await report(vid)).totals.views === 1);
    expect((await report(vid)).totals.finishRate).toBe(0);
    expect(await events.failed()).toBe(0);
  });
});

describe('the end of a video', () => {
  it('leaves nothing, and late beacons are told to stop', async () => {
    const [vid, other] = [newVideo(), newVideo()];
    const tokens = await Promise.all(
      Array.from({ length: 60 }, (_, i) => sessionToken({ vid, beg: now - 600 - (i % 5) * 3_600, vwr: `v${i}` })),
    );
    for (const token of tokens) await post({ sessionToken: token, beacons: [beacon(played)] });
    await post({ sessionToken: await sessionToken({ vid: other }), beacons: [beacon(played)] });
    await eventually(async () => {
      const rows = await scan(world, TABLE);
      return rows.some(({ pk, sk }) => pk === `V#${vid}` && sk.startsWith('D#')) && !rows.some(isMarked);
    });
    await using events = eventsOf(world);
    const publish = (id: string) => events.publish('video.deleted.v1', { videoId: vid, ownerId: OWNER }, id);
    // While beacons go on coming, through a process that has not heard of it.
    const second = await startAnalytics(world, { table: TABLE });
    const told = await publish(newId('evt'));
    const statuses = await Promise.all(
      tokens.map((sessionToken) =>
        fetch(`${second.url}/v1/beacons`, {
          method: 'POST',
          body: JSON.stringify({ sessionToken, beacons: [beacon({ ...played, sn: 9, playing: 36_000 })] }),
        }).then(({ status }) => status),
      ),
    );
    for (const status of statuses) expect([202, 410]).toContain(status);
    const left = async () =>
      (await scan(world, TABLE)).filter(({ pk }) => pk.includes(vid)).map(({ pk, sk }) => [pk, sk]);
    await eventually(async () => {
      expect([await told.getState(), await left()]).toEqual(['completed', [[`V#${vid}`, 'X']]]);
      return true;
    });
    // The other process took the event; this one looks again every five seconds.
    await eventuallyHolds(async () => {
      const late = await post({ sessionToken: tokens[0], beacons: [beacon(played)] });
      expect(late.body).toMatchObject({ status: 410, code: 'session.ended' });
    });
    // The event may come twice.
    const again = await publish(newId('evt'));
    await eventually(async () => (await again.getState()) === 'completed');
    expect(await left()).toEqual([[`V#${vid}`, 'X']]);
    // And that of an encoding may come after it.
    const late = await events.publish('video.ready.v1', readyFacts(vid));
    await eventually(async () => (await late.getState()) === 'completed');
    expect(await left()).toEqual([[`V#${vid}`, 'X']]);
    expect((await report(other)).totals.plays).toBe(1);
    expect(await events.failed()).toBe(0);
    await second.stop();
  });
});

describe('the service', () => {
  it('is ready with its back ends and keeps what it has over a restart', async () => {
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    const vid = newVideo();
    await post({ sessionToken: await sessionToken({ vid }), beacons: [beacon(played)] });
    await service.stop();
    service = await startAnalytics(world, { table: TABLE });
    await eventually(async () => (await report(vid)).totals.views === 1);
    expect(await codeOf(report(newId('vid')))).toBe('404 video.not_found');
  });
});
