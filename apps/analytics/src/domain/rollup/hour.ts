import { createHash } from 'node:crypto';
import { canonical } from '../canonical';
import { type Hour, startOf } from '../calendar';
import { type Facts, type Session } from '../session/session';
import { overflowOf, playsOf, unionOf } from './coverage';
import { EdgeBuilder, presenceOf } from './concurrency';
import { binOf } from './histogram';
import { RetentionBuilder } from './retention';
import { type HourRollup, count, noSums, topOf } from './rollup';
import { ViewerSet, viewerHash } from './viewers';

/** Changes when the same sessions make another rollup: every hour is then written anew when it is next computed. */
const FORMULA = 1;

const browserFamilies = ['chrome', 'edge', 'firefox', 'safari', 'opera', 'samsung'];

/** A name that came from outside, as one of few. */
const browserOf = (facts: Facts): string => {
  const name = facts.dimensions?.value.browser?.toLowerCase() ?? '';
  if (name === '') return 'unknown';
  if (name.startsWith('chromium')) return 'chrome';
  return browserFamilies.find((family) => name.startsWith(family)) ?? 'other';
};

/** A counted view: 30 s played, or half of a video shorter than a minute. */
export const isView = ({ startup, playing }: Facts, durationMs: number | null): boolean =>
  startup !== null && playing >= (durationMs !== null && durationMs < 60_000 ? durationMs / 2 : 30_000);

/**
 * Computes the rollup of an hour from its sessions, one after the other, in any order: a pure function of the set and of the video's
 * duration.
 */
export class HourBuilder {
  readonly #sums = noSums();
  readonly #startup = new Map<string, number>();
  readonly #rungs = new Map<string, number>();
  readonly #devices = new Map<string, number>();
  readonly #browsers = new Map<string, number>();
  readonly #viewers = new ViewerSet();
  readonly #edges = new EdgeBuilder();
  readonly #retention: RetentionBuilder;
  readonly #sources: string[] = [];
  readonly #start: number;

  constructor(
    hour: Hour,
    private readonly durationMs: number | null,
  ) {
    this.#retention = new RetentionBuilder(durationMs);
    this.#start = startOf(hour) / 1000;
  }

  add(session: Session): void {
    const { facts, key } = session;
    const { sessionId, videoId } = key;
    this.#sources.push(
      createHash('sha256')
        .update(canonical([sessionId, session.begin, session.viewer, facts]))
        .digest('base64'),
    );
    this.#sums.sessions += 1;
    this.#addTotals(facts);
    this.#addOutcome(facts);
    for (const [rung, played] of Object.entries(facts.rungs)) count(this.#rungs, rung, played);
    const [from, to] = presenceOf(session);
    this.#edges.add(from - this.#start, 1);
    this.#edges.add(to - this.#start, -1);
    if (facts.startup === null) return;
    // Who said nothing of himself is a viewer of his own.
    this.#viewers.add(viewerHash(videoId, session.viewer ?? sessionId));
    count(this.#devices, facts.dimensions?.value.device ?? 'unknown');
    count(this.#browsers, browserOf(facts));
    this.#addPlay(facts, facts.startup);
  }

  build(): { rollup: HourRollup; digest: string } {
    const rollup: HourRollup = {
      sums: this.#sums,
      startup: topOf(this.#startup, Infinity),
      rungs: topOf(this.#rungs),
      devices: topOf(this.#devices),
      browsers: topOf(this.#browsers),
      viewers: this.#viewers.toJSON(),
      retention: this.#retention.build(),
      edges: this.#edges.build(),
    };
    const digest = createHash('sha256')
      .update(canonical([FORMULA, this.durationMs, this.#sources.sort()]))
      .digest('base64url');
    return { rollup, digest };
  }

  #addTotals(facts: Facts): void {
    const sums = this.#sums;
    for (const name of ['playing', 'stall', 'stalls', 'seek', 'seeks', 'pause'] as const) sums[name] += facts[name];
    for (const name of ['switchesUp', 'switchesDown', 'framesDecoded', 'framesDropped'] as const)
      sums[name] += facts[name];
    sums.errors += facts.errors.length;
  }

  #addOutcome(facts: Facts): void {
    const sums = this.#sums;
    const failed = facts.errors.some((error) => error.fatal);
    if (facts.attempted) sums.attempts += 1;
    if (facts.startup !== null) {
      sums.plays += 1;
      if (failed) sums.playbackFailures += 1;
      if (isView(facts, this.durationMs)) sums.views += 1;
    } else if (failed) sums.startFailures += 1;
    else if (facts.attempted && facts.mono >= 1_000) sums.exitsBeforeStart += 1;
  }

  #addPlay(facts: Facts, startup: number): void {
    const sums = this.#sums;
    count(this.#startup, String(binOf(startup)));
    const plays = playsOf(facts, this.durationMs);
    const overflow = overflowOf(facts, this.durationMs);
    this.#retention.add(plays, overflow);
    const covered = Math.round(
      unionOf([...plays, ...overflow.map(({ span }) => span)]).reduce((sum, [from, to]) => sum + to - from, 0),
    );
    sums.covered += covered;
    if (this.durationMs === null || this.durationMs === 0) return;
    sums.viewedPlays += 1;
    sums.viewedCovered += covered;
    sums.viewedDuration += this.durationMs;
    if (covered >= 0.9 * this.durationMs) sums.finishes += 1;
  }
}
