import { type BeaconInput } from '@kinora/contracts-analytics';
import { eventually, media } from '@kinora/testing';
import { type Api, clientOf, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { upload } from '../support/upload';

const { url, email, password } = platform();
let api: Api;
let token: string;
let videoId: string;
beforeAll(async () => {
  ({ api, token } = await signIn(url, email, password));
  videoId = await upload(api, await media.mp4({ seconds: 8 }));
  await videoIn(api, videoId, 'ready');
});

const snapshot = (sn: number, seconds: number, state: BeaconInput['state']): BeaconInput => ({
  sn,
  ts: Date.now(),
  mono: 500 + seconds * 1000,
  state,
  position: seconds,
  attempted: true,
  startup: 300,
  playing: seconds * 1000,
  stall: 200,
  stalls: 1,
  seek: 0,
  seeks: 0,
  pause: 0,
  runs: { 0: [0, seconds] },
  rungs: { v180: seconds * 1000 },
});

it('duplicates, disorder and loss change nothing', async () => {
  const { sessionToken } = await clientOf(url, { authorization: `Bearer ${token}` }).createPlayback({
    params: { videoId },
    body: { viewerId: 'one' },
  });
  const lone = await api.createPlayback({ params: { videoId }, body: { viewerId: 'two' } });
  const post = (sessionTokenOf: string, beacons: BeaconInput[]) =>
    clientOf(url).postBeacons({ body: { sessionToken: sessionTokenOf, beacons } });
  const all = [0, 1, 2, 3, 4, 5, 6].map((seconds) => snapshot(seconds, seconds, seconds < 6 ? 'playing' : 'ended'));
  await post(sessionToken, [...all].reverse());
  await Promise.all(all.map((beacon) => post(sessionToken, [beacon, beacon])));
  // Of the second session only the last beacon arrives.
  await post(lone.sessionToken, all.slice(-1));
  const numbers = await eventually(
    async () => {
      const { totals, retention } = await api.getVideoAnalytics({ params: { videoId }, query: {} });
      return totals.plays === 2 ? { totals, retention } : undefined;
    },
    { timeoutMs: 30_000, label: 'two plays' },
  );
  expect(numbers.totals).toMatchObject({
    attempts: 2,
    plays: 2,
    views: 2,
    playingMs: 12_000,
    coveredMs: 12_000,
    errors: 0,
  });
  expect(numbers.totals.rebufferRatio).toBeCloseTo(0.4 / 12.4, 3);
  expect(numbers.totals.startup?.p50).toBeGreaterThan(280);
  expect(numbers.totals.startup?.p50).toBeLessThan(320);
  expect(numbers.retention.sessions[0]).toBe(2);
  expect(numbers.retention.sessions.at(-1)).toBe(0);
});

it('forged numbers are refused, and forged sessions', async () => {
  const { sessionToken } = await api.createPlayback({ params: { videoId }, body: {} });
  expect(
    await clientOf(url).postBeacons({ body: { sessionToken, beacons: [snapshot(0, 86_000, 'playing')] } }),
  ).toEqual({ accepted: 0, refused: 1 });
  await expect(
    clientOf(url).postBeacons({
      body: { sessionToken: `${sessionToken.slice(0, -4)}AAAA`, beacons: [snapshot(0, 1, 'playing')] },
    }),
  ).rejects.toMatchObject({ code: 'session.invalid' });
});

it('the live counter sees a viewer come', async () => {
  const stream = new AbortController();
  const res = await fetch(`${url}/v1/videos/${videoId}/analytics/live`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    signal: stream.signal,
  });
  expect(res.headers.get('content-type')).toMatch(/text\/event-stream/);
  const { sessionToken } = await api.createPlayback({ params: { videoId }, body: { viewerId: 'live' } });
  await clientOf(url).postBeacons({ body: { sessionToken, beacons: [snapshot(0, 0, 'playing')] } });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of res.body ?? []) {
    text += decoder.decode(chunk);
    if (/"viewers":1/.test(text)) break;
  }
  stream.abort();
  expect(text).toMatch(/event: viewers/);
});
