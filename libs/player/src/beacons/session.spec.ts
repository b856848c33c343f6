import { Beacon } from '@kinora/contracts-analytics';
import fc from 'fast-check';
import { newSession, reduce, snapshot, type Session, type SessionEvent } from './session';

const play = (...events: SessionEvent[]): Session => events.reduce(reduce, newSession());
const at = (session: Session, mono: number, sn = 0) => Beacon.parse(snapshot(session, { sn, ts: 1e12 + mono, mono }));

test('a plain play: startup is intent to first frame, playing time is wall-clock', () => {
  const s = play(
    { type: 'intent', at: 1000, position: 0 },
    { type: 'waiting', at: 1010, position: 0 },
    { type: 'playing', at: 1400, position: 0 },
    { type: 'tick', at: 2400, position: 1 },
  );
  expect(at(s, 3400)).toMatchObject({
    state: 'playing',
    startup: 400,
    playing: 2000,
    stall: 0,
    stalls: 0,
    attempted: true,
    runs: { 0: [0, 1] },
  });
});

test('waiting after the first frame is a stall; the wait before it is not', () => {
  const s = play(
    { type: 'intent', at: 0 },
    { type: 'playing', at: 500, position: 0 },
    { type: 'waiting', at: 5500, position: 5 },
    { type: 'playing', at: 7000, position: 5 },
    { type: 'tick', at: 8000, position: 6 },
  );
  expect(at(s, 8000)).toMatchObject({ playing: 6000, stall: 1500, stalls: 1, runs: { 0: [0, 5], 1: [5, 6] } });
});

test('a seek ends the run where the playhead was, and waits count as seek, not as stall', () => {
  const s = play(
    { type: 'intent', at: 0 },
    { type: 'playing', at: 0, position: 0 },
    { type: 'seeking', at: 3000, position: 3 },
    { type: 'waiting', at: 3010, position: 40 },
    { type: 'seeking', at: 3200, position: 40 }, // dragging: still the same wait
    { type: 'seeked', at: 3600, position: 60, paused: false, ready: false },
    { type: 'playing', at: 4000, position: 60 },
    { type: 'paused', at: 6000, position: 62 },
  );
  expect(at(s, 9000)).toMatchObject({
    state: 'paused',
    playing: 5000,
    stall: 0,
    seek: 1000,
    seeks: 1,
    pause: 3000,
    runs: { 0: [0, 3], 1: [60, 62] },
    position: 62,
  });
});

test('a replayed part is a run of its own', () => {
  const s = play(
    { type: 'playing', at: 0, position: 0 },
    { type: 'seeking', at: 4000, position: 4 },
    { type: 'seeked', at: 4000, position: 1, paused: false, ready: true },
    { type: 'ended', at: 13_000, position: 10 },
  );
  expect(at(s, 20_000)).toMatchObject({ state: 'ended', playing: 13_000, runs: { 0: [0, 4], 1: [1, 10] } });
});

test('time by rung, switches and enlargement are weighted by playing time', () => {
  const s = play(
    { type: 'rung', at: 0, id: 'v360', bitrate: 800 },
    { type: 'size', at: 0, enlarged: 1 },
    { type: 'playing', at: 0, position: 0 },
    { type: 'rung', at: 2000, position: 2, id: 'v720', bitrate: 2500 },
    { type: 'size', at: 2000, position: 2, enlarged: 0 },
    { type: 'waiting', at: 5000, position: 5 },
    { type: 'rung', at: 6000, position: 5, id: 'v360', bitrate: 800 },
  );
  expect(at(s, 6000)).toMatchObject({
    rungs: { v360: 2000, v720: 3000 },
    switches: { up: 1, down: 1 },
    upscale: { sum: 2000, max: 1 },
  });
});

test('a failure before the first frame leaves no startup, and says why', () => {
  const s = play(
    { type: 'intent', at: 0 },
    { type: 'error', at: 900, code: 'network.403', fatal: false },
    { type: 'error', at: 1500, code: 'network.403', fatal: true },
  );
  const beacon = at(s, 2000);
  expect(beacon).toMatchObject({
    state: 'failed',
    attempted: true,
    errors: [
      { id: '0', fatal: false, mono: 900 },
      { id: '1', fatal: true, mono: 1500 },
    ],
  });
  expect(beacon.startup).toBeUndefined();
});

test('a jump that was not announced is not time watched', () => {
  const script = [
    { type: 'playing', at: 0, position: 0 },
    { type: 'tick', at: 1000, position: 1 },
    { type: 'seeked', at: 1000, position: 50, paused: false, ready: true },
    { type: 'tick', at: 2000, position: 51 },
  ] as const;
  expect(at(play(...script), 2000).runs).toEqual({ 0: [0, 1], 1: [50, 51] });
});

test('leaving is told, but does not hide an end or a failure', () => {
  const watching = play({ type: 'playing', at: 0, position: 0 });
  expect(snapshot(watching, { sn: 1, ts: 1, mono: 10, quit: true }).state).toBe('quit');
  expect(snapshot(reduce(watching, { type: 'ended', at: 5 }), { sn: 1, ts: 1, mono: 10, quit: true }).state).toBe(
    'ended',
  );
});

test('runs after the 128th are kept as counts per hundredth', () => {
  let s = reduce(newSession(), { type: 'duration', at: 0, seconds: 100 });
  for (let i = 0; i < 130; i += 1) {
    s = reduce(s, { type: 'playing', at: i * 3000, position: 10 });
    s = reduce(s, { type: 'paused', at: i * 3000 + 2000, position: 12 });
  }
  const beacon = at(s, 400_000);
  expect(Object.keys(beacon.runs)).toHaveLength(128);
  expect(beacon.overflow).toEqual({ 10: 2, 11: 2 });
});

const anyEvent = fc.record({
  type: fc.constantFrom(
    'intent',
    'playing',
    'waiting',
    'paused',
    'ended',
    'tick',
    'seeking',
    'seeked',
    'rung',
    'error',
  ),
  step: fc.integer({ min: -50, max: 20_000 }),
  position: fc.double({ min: 0, max: 600, noNaN: true }),
  flag: fc.boolean(),
});

test('whatever the events, later snapshots contain earlier ones and fit the wire schema', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (script) => {
      let clock = 0;
      let s = newSession();
      let last = at(s, 0);
      for (const { type, step, position, flag } of script) {
        clock = Math.max(0, clock + step);
        s = reduce(s, {
          type,
          at: clock,
          position,
          paused: flag,
          ready: !flag,
          id: flag ? 'v360' : 'v720',
          bitrate: flag ? 1 : 2,
          code: 'x',
          fatal: flag,
        });
        const now = at(s, s.at);
        for (const key of ['playing', 'stall', 'stalls', 'seek', 'seeks', 'pause', 'mono'] as const)
          expect(now[key]).toBeGreaterThanOrEqual(last[key]);
        expect(now.playing + now.stall + now.seek + now.pause).toBeLessThanOrEqual(now.mono + 3);
        for (const [k, [from, to]] of Object.entries(last.runs)) {
          expect(now.runs[k]![0]).toBe(from);
          expect(now.runs[k]![1]).toBeGreaterThanOrEqual(to);
        }
        last = now;
      }
    }),
  );
});
