import fc from 'fast-check';
import { beacon, playScript, random, randomScript } from '../../../test/support/player';
import { type Violation, violationOf } from './bounds';

const begin = 1_760_000_000_000;
const limits = { begin, now: begin + 120_000, durationMs: 100_000 };
const honest = { mono: 120_000, startup: 400, playing: 60_000, position: 60, runs: { 0: [0, 60] as [number, number] } };

describe('bounds against forged numbers', () => {
  it('lets a player through that tells the truth, at every moment of its session', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const beacons = playScript(randomScript(random(seed), 120, begin));
        for (const one of beacons)
          expect(violationOf(one, { begin, now: begin + one.mono, durationMs: 120_000 })).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it.each<[string, Parameters<typeof beacon>[0], Violation | undefined]>([
    ['an honest one', {}, undefined],
    ['a minute of difference between clocks', { mono: 179_000 }, undefined],
    ['more time than has passed', { playing: 100_000, pause: 90_000 }, 'time'],
    ['a session older than itself', { mono: 200_000 }, 'clock'],
    ['a start that took longer than the session', { startup: 200_000 }, 'clock'],
    ['a position behind the end', { position: 106 }, 'position'],
    ['a position a little behind the end', { position: 104 }, undefined],
    ['hundreds of stalls a minute', { stalls: 1_000 }, 'counts'],
    ['thousands of switches', { switches: { up: 5_000, down: 0 } }, 'counts'],
    ['more frames than a screen shows', { frames: { decoded: 10_000_000, dropped: 0 } }, 'counts'],
    ['a rung played for longer than the session', { rungs: { v720: 200_000 } }, 'rungs'],
    ['rungs played at once', { rungs: { v720: 100_000, v1080: 100_000 } }, 'rungs'],
    ['a run backwards', { runs: { 0: [9, 3] } }, 'runs'],
    ['a run behind the end', { runs: { 0: [0, 500] } }, 'runs'],
    ['a run numbered beyond the last', { runs: { 128: [0, 1] } }, 'runs'],
    ['two spellings of one number', { runs: { '007': [0, 1] } }, 'runs'],
    ['all of the video in no time', { playing: 0, runs: { 0: [0, 100], 1: [0, 100] } }, 'coverage'],
  ])('%s', (_name, fields, violation) => {
    expect(violationOf(beacon({ ...honest, ...fields }), limits)).toBe(violation);
  });

  it('bounds cardinality: no session has a hundred rungs', () => {
    const rungs = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`v${i}`, 1]));
    expect(violationOf(beacon({ ...honest, rungs }), limits)).toBe('rungs');
  });

  it('does not know the end of a video that is still encoding', () => {
    const far = beacon({ ...honest, position: 5_000, runs: { 0: [4_940, 5_000] } });
    expect(violationOf(far, { ...limits, durationMs: null })).toBeUndefined();
    expect(violationOf(far, limits)).toBe('position');
  });

  it('takes a clock that is a little ahead of the server’s', () => {
    expect(violationOf(beacon({ mono: 100 }), { ...limits, now: begin - 5_000 })).toBeUndefined();
  });
});
