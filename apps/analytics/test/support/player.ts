import { type Beacon, type BeaconInput, Beacon as BeaconSchema } from '@kinora/contracts-analytics';

/** A small generator of numbers that is the same on every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const shuffle = <T>(items: readonly T[], next: () => number): T[] =>
  items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

type Step =
  | { readonly do: 'play' | 'stall' | 'pause'; readonly ms: number }
  | { readonly do: 'seek'; readonly to: number; readonly ms: number };

export interface Script {
  readonly startup: number;
  readonly steps: readonly Step[];
  readonly begin: number;
  /** Milliseconds between reports. */
  readonly every: number;
  readonly end?: 'ended' | 'quit' | 'playing';
}

export const beacon = (fields: Partial<BeaconInput> = {}): Beacon =>
  BeaconSchema.parse({
    ...{ sn: 0, ts: 0, mono: 0, state: 'playing', position: 0, attempted: true },
    ...{ playing: 0, stall: 0, stalls: 0, seek: 0, seeks: 0, pause: 0 },
    ...fields,
  });

/** What a player reports that goes through a script: a cumulative beacon after every `every` ms, and one at the end. */
export function playScript({ startup, steps, begin, every, end = 'ended' }: Script): Beacon[] {
  const totals = { playing: 0, stall: 0, stalls: 0, seek: 0, seeks: 0, pause: 0 };
  const runs: Record<string, [number, number]> = {};
  const beacons: Beacon[] = [];
  let mono = startup;
  let position = 0;
  let run = -1;
  const report = (state: Beacon['state']): void => {
    beacons.push(
      beacon({
        ...{ sn: beacons.length, ts: begin + mono, mono, state, position, startup, ...totals },
        runs: structuredClone(runs),
        rungs: { v720: totals.playing },
        frames: { decoded: Math.floor(totals.playing / 40), dropped: Math.floor(totals.playing / 4_000) },
        dimensions: { device: 'desktop', browser: 'Chrome' },
      }),
    );
  };
  report('playing');
  for (const step of steps) {
    if (step.do === 'stall') totals.stalls += 1;
    if (step.do === 'seek') {
      totals.seeks += 1;
      position = step.to;
    }
    if (step.do === 'play') runs[++run] = [position, position];
    for (let left = step.ms; left > 0;) {
      const next = Math.min(left, every - (mono % every));
      left -= next;
      mono += next;
      if (step.do === 'play') {
        totals.playing += next;
        position = Math.round((position + next / 1000) * 10) / 10;
        runs[run] = [runs[run]?.[0] ?? 0, position];
      } else totals[step.do] += next;
      if (mono % every === 0)
        report(({ play: 'playing', stall: 'rebuffering', pause: 'paused', seek: 'seeking' } as const)[step.do]);
    }
  }
  report(end);
  return beacons;
}

/** A session of plays, stalls, seeks and pauses within a video. */
export function randomScript(next: () => number, durationS: number, begin: number): Script {
  const steps: Step[] = [];
  let position = 0;
  for (let i = 0; i < 8; i++) {
    const ms = 100 * Math.floor(20 + next() * 180);
    const end = Math.floor(durationS - position) * 1000;
    steps.push({ do: 'play', ms: Math.max(100, Math.min(ms, end)) });
    position += Math.max(100, Math.min(ms, end)) / 1000;
    const what = next();
    if (what < 0.3) steps.push({ do: 'stall', ms: 100 * Math.ceil(next() * 10) });
    else if (what < 0.5) steps.push({ do: 'pause', ms: 100 * Math.ceil(next() * 50) });
    else {
      position = Math.floor(next() * (durationS - 10));
      steps.push({ do: 'seek', to: position, ms: 100 * Math.ceil(next() * 5) });
    }
  }
  return {
    startup: 100 * Math.ceil(1 + next() * 20),
    steps,
    begin,
    every: 5_000,
    end: next() < 0.5 ? 'quit' : 'ended',
  };
}
