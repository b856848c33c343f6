import fc from 'fast-check';
import { beacon, playScript, random, randomScript, shuffle } from '../../../test/support/player';
import { BEGIN, sessionOf } from '../../../test/support/sessions';
import { canonical } from '../canonical';
import { hourOf } from '../calendar';
import { type Session } from '../session/session';
import { combine } from './combine';
import { HourBuilder } from './hour';
import { metricsOf } from './metrics';

const hour = hourOf(BEGIN * 1000);

function rollUp(sessions: readonly Session[], durationMs: number | null = 100_000) {
  const builder = new HourBuilder(hour, durationMs);
  for (const session of sessions) builder.add(session);
  return builder.build();
}
const metrics = (sessions: readonly Session[], durationMs: number | null = 100_000) =>
  metricsOf(rollUp(sessions, durationMs).rollup, 0);

const played = { startup: 500, mono: 60_000 };

describe('definitions of docs/metrics.md', () => {
  it.each([
    ['30 s of a long video', 600_000, 30_000, 1],
    ['just less than 30 s of it', 600_000, 29_999, 0],
    ['half of a short video', 40_000, 20_000, 1],
    ['less than half of it', 40_000, 19_999, 0],
    ['30 s of a video of exactly a minute', 60_000, 30_000, 1],
    ['30 s while the duration is unknown', null, 30_000, 1],
    ['20 s while the duration is unknown', null, 20_000, 0],
  ])('a view is 30 s, or half when shorter than a minute: %s', (_name, durationMs, playing, views) => {
    expect(metrics([sessionOf({ ...played, playing })], durationMs).views).toBe(views);
  });

  it('tells attempts, plays, exits before start and failures apart', () => {
    const fatal = [{ id: 'e', code: 'media.decode', fatal: true, mono: 900 }];
    const { attempts, plays, exitsBeforeStart, startFailures, playbackFailures, errors } = metrics([
      sessionOf({ ...played, playing: 5_000 }),
      sessionOf({ attempted: true, mono: 1_000, state: 'quit' }),
      sessionOf({ attempted: true, mono: 999, state: 'quit' }),
      sessionOf({ attempted: false, mono: 9_000 }),
      sessionOf({ attempted: true, mono: 5_000, errors: fatal }),
      sessionOf({ ...played, errors: [...fatal, { id: 'w', code: 'net', fatal: false, mono: 1 }] }),
    ]);
    expect({ attempts, plays, exitsBeforeStart, startFailures, playbackFailures, errors }).toEqual({
      ...{ attempts: 5, plays: 2, exitsBeforeStart: 1, startFailures: 1, playbackFailures: 1, errors: 3 },
    });
  });

  it('reads startup percentiles by nearest rank, within 2 %', () => {
    const startups = Array.from({ length: 100 }, (_, i) => (i + 1) * 37);
    const { startup } = metrics(startups.map((value) => sessionOf({ startup: value, mono: 60_000 })));
    for (const [got, exact] of [
      [startup?.p50, 50 * 37],
      [startup?.p75, 75 * 37],
      [startup?.p95, 95 * 37],
    ] as const)
      expect(Math.abs((got ?? 0) - exact) / exact).toBeLessThanOrEqual(0.021);
    expect(metrics([sessionOf({ attempted: true })]).startup).toBeNull();
  });

  it('divides stalls by stalls and playing, and counts them per hour of playing', () => {
    const numbers = metrics([
      sessionOf({ ...played, playing: 90_000, stall: 10_000, stalls: 2, seek: 5_000, pause: 77_000 }),
      sessionOf({ ...played, playing: 90_000, stall: 10_000, stalls: 3 }),
    ]);
    expect(numbers.rebufferRatio).toBeCloseTo(0.1, 12);
    expect(numbers.rebufferPerHour).toBeCloseTo(100, 12);
    expect(numbers.playingMs).toBe(180_000);
    expect(numbers.watchMs).toBe(205_000);
    expect(metrics([]).rebufferRatio).toBeNull();
  });

  it('covers the union of what was played, however often', () => {
    const numbers = metrics([
      sessionOf({ ...played, playing: 80_000, runs: { 0: [0, 50], 1: [20, 50] } }),
      sessionOf({ ...played, playing: 95_000, runs: { 0: [0, 40], 1: [50, 104] } }),
    ]);
    expect(numbers.coveredMs).toBe(50_000 + 90_000);
    expect(numbers.averageViewed).toBeCloseTo(0.7, 12);
    expect(numbers.finishRate).toBe(0.5);
  });

  it('counts a viewer once in a period, and who said nothing of himself as one of his own', () => {
    const numbers = metrics([
      sessionOf(played, { viewer: 'ada' }),
      sessionOf(played, { viewer: 'ada' }),
      sessionOf(played, { viewer: 'bob' }),
      sessionOf(played),
      sessionOf({ attempted: true }, { viewer: 'eve' }),
    ]);
    expect(numbers.uniqueViewers).toBe(3);
  });

  it('keeps no pseudonym and no session id', () => {
    const text = canonical(rollUp([sessionOf(played, { viewer: 'ada-lovelace', id: 'ses_secret' })]).rollup);
    expect(text).not.toMatch(/ada-lovelace|ses_secret/);
  });

  it('knows few browsers, whatever it is told', () => {
    const names = ['Chrome', 'chromium', 'Edge', '__proto__', 'constructor', 'a', 'b', undefined];
    const { rollup } = rollUp(
      names.map((browser) => sessionOf({ ...played, dimensions: browser === undefined ? {} : { browser } })),
    );
    expect(rollup.browsers).toEqual({ chrome: 2, edge: 1, other: 4, unknown: 1 });
  });
});

describe('a rollup', () => {
  const sessionsOf = (seed: number, count: number) => {
    const next = random(seed);
    return Array.from({ length: count }, (_, i) => {
      const begin = BEGIN + Math.floor(next() * 3_600);
      return sessionOf(playScript(randomScript(next, 100, begin * 1000)), {
        begin,
        id: `ses_${seed}_${i}`,
        viewer: `viewer-${Math.floor(next() * 5)}`,
      });
    });
  };

  it('is the same bytes for any order of its sessions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const sessions = sessionsOf(seed, 6);
        expect(canonical(rollUp(shuffle(sessions, random(seed + 1))))).toBe(canonical(rollUp(sessions)));
      }),
      { numRuns: 40 },
    );
  });

  it('of several periods is the rollup of all their sessions', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 9 }), (seed, split) => {
        const sessions = sessionsOf(seed, 9);
        const parts = [sessions.slice(0, split), sessions.slice(split)].map((part) => rollUp(part).rollup);
        const { edges: _, ...whole } = rollUp(sessions).rollup;
        expect(canonical(combine(parts))).toBe(canonical(whole));
      }),
      { numRuns: 40 },
    );
  });

  it('has another digest when a session or the duration changed', () => {
    const session = sessionOf({ ...played, playing: 1_000 }, { id: 'ses_a' });
    const more = sessionOf([beacon({ ...played, playing: 1_001 })], { id: 'ses_a' });
    expect(rollUp([session]).digest).toBe(rollUp([session]).digest);
    expect(new Set([rollUp([session]), rollUp([more]), rollUp([session], 99_000)].map((one) => one.digest)).size).toBe(
      3,
    );
  });
});
