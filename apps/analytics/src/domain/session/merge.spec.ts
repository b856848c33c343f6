import { type Beacon, type BeaconInput } from '@kinora/contracts-analytics';
import fc from 'fast-check';
import { beacon, playScript, random, randomScript, shuffle } from '../../../test/support/player';
import { BEGIN } from '../../../test/support/sessions';
import { canonical } from '../canonical';
import { factsOf } from './facts';
import { mergeFacts } from './merge';
import { type Facts } from './session';

const ms = fc.integer({ min: 0, max: 100_000 });
const few = fc.integer({ min: 0, max: 5 });

/** Any beacons at all, also such as no honest player sends: equal sequence numbers, contradictions, more keys than are kept. */
const anyBeacon: fc.Arbitrary<Beacon> = fc
  .record<Partial<BeaconInput>, 'sn'>(
    {
      sn: few,
      ts: ms,
      mono: ms,
      state: fc.constantFrom('starting', 'playing', 'paused', 'ended', 'quit'),
      position: fc.double({ min: 0, max: 1000, noNaN: true }),
      attempted: fc.boolean(),
      startup: ms,
      playing: fc.double({ min: 0, max: 1e6, noNaN: true }),
      stall: ms,
      stalls: few,
      seek: ms,
      seeks: few,
      pause: ms,
      active: ms,
      frames: fc.record({ decoded: ms, dropped: ms }),
      rungs: fc.dictionary(fc.constantFrom('v1', 'v2', 'v10', 'a0'), ms),
      switches: fc.record({ up: few, down: few }),
      upscale: fc.record({ sum: ms, max: few }),
      errors: fc.array(
        fc.record({
          id: fc.constantFrom('a', 'b', 'c'),
          code: fc.constantFrom('x', 'y'),
          fatal: fc.boolean(),
          mono: few,
        }),
        { maxLength: 5 },
      ),
      runs: fc.dictionary(
        fc.integer({ min: 0, max: 127 }).map(String),
        fc.tuple(fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 500, noNaN: true })),
      ),
      overflow: fc.dictionary(fc.integer({ min: 0, max: 99 }).map(String), few),
      dimensions: fc.record(
        { browser: fc.constantFrom('Chrome', 'Firefox'), autoplay: fc.boolean() },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['sn'] },
  )
  .map((fields) => beacon(fields));

const anyFacts = fc.array(anyBeacon, { minLength: 1, maxLength: 4 }).map((all) => all.map(factsOf).reduce(mergeFacts));

const same = (a: Facts, b: Facts) => expect(canonical(a)).toBe(canonical(b));

describe('merging what beacons say', () => {
  it('does not depend on order: commutative and associative', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, anyFacts, (a, b, c) => {
        same(mergeFacts(a, b), mergeFacts(b, a));
        same(mergeFacts(mergeFacts(a, b), c), mergeFacts(a, mergeFacts(b, c)));
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on repetition: idempotent', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (a, b) => {
        same(mergeFacts(a, a), a);
        same(mergeFacts(mergeFacts(a, b), b), mergeFacts(a, b));
      }),
      { numRuns: 100 },
    );
  });

  it('gives one session for any shuffle with duplicates', () => {
    fc.assert(
      fc.property(fc.array(anyBeacon, { minLength: 1, maxLength: 8 }), fc.integer(), (beacons, seed) => {
        const once = beacons.map(factsOf).reduce(mergeFacts);
        same(
          shuffle([...beacons, ...beacons, ...beacons], random(seed))
            .map(factsOf)
            .reduce(mergeFacts),
          once,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('needs only the newest beacon of a player: whichever others are lost', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 2 ** 30 }), (seed, lost) => {
        const next = random(seed);
        const beacons = playScript(randomScript(next, 120, BEGIN * 1000));
        const last = beacons.at(-1) as Beacon;
        const left = beacons.filter((one, i) => one === last || (lost >> (i % 30)) & 1);
        const { dimensions: _, ...whole } = beacons.map(factsOf).reduce(mergeFacts);
        const { dimensions: _ignored, ...part } = shuffle(left, next).map(factsOf).reduce(mergeFacts);
        expect(part).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps only integers, so that sums are exact in any order', () => {
    fc.assert(
      fc.property(anyBeacon, (one) => {
        const { playing, newest, runs, rungs } = factsOf(one);
        for (const value of [playing, newest.position, ...Object.values(runs).flat(), ...Object.values(rungs)])
          expect(Number.isInteger(value)).toBe(true);
      }),
    );
  });

  it('bounds what a forger can make many of, and the bound has no order either', () => {
    const rungs = (from: number) => Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`v${from + i}`, i]));
    const [a, b, c] = [100, 130, 500].map((from) => factsOf(beacon({ rungs: rungs(from) }))) as [Facts, Facts, Facts];
    expect(Object.keys(mergeFacts(a, c).rungs)).toHaveLength(64);
    same(mergeFacts(mergeFacts(a, b), c), mergeFacts(a, mergeFacts(c, b)));
  });
});
