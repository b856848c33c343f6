import { type Rational, toNumber } from '../rational';
import { type SourceFacts } from '../plan/beginning';

/** Frames that a codec may hold back; H.264 and HEVC know 16. */
const REORDERED = 64;

/** What the times of all frames of a track come to, in ticks. */
export interface FrameTimes {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** How long the last one is shown. */
  readonly lastDuration: number;
  readonly longestGap: number;
  /** Largest distance of a frame's presentation from its decoding. */
  readonly reorder: number;
  /** Times are missing or go backwards. */
  readonly unsound: boolean;
}

/** Takes frames in the order of decoding, however many, and keeps few of them. */
export function createFrameTimes(): {
  push(frame: { pts: number | undefined; dts: number | undefined; duration: number }): void;
  /** Undefined if there was none. */
  end(): FrameTimes | undefined;
} {
  /** Not yet known to be next, in order of presentation. */
  const held: { pts: number; duration: number }[] = [];
  let count = 0;
  let first = 0;
  let last: { pts: number; duration: number } | undefined;
  let longestGap = 0;
  let reorder = 0;
  let lastDts = Number.NEGATIVE_INFINITY;
  let unsound = false;

  const next = (frame: { pts: number; duration: number }): void => {
    if (!last) first = frame.pts;
    else {
      if (frame.pts < last.pts) unsound = true;
      longestGap = Math.max(longestGap, frame.pts - last.pts);
    }
    last = frame;
  };

  return {
    push({ pts, dts, duration }) {
      if (pts === undefined || (dts !== undefined && dts < lastDts)) unsound = true;
      if (dts !== undefined) lastDts = Math.max(lastDts, dts);
      if (pts === undefined) return;
      count += 1;
      if (dts !== undefined) reorder = Math.max(reorder, pts - dts);
      const at = held.findLastIndex((one) => one.pts <= pts) + 1;
      held.splice(at, 0, { pts, duration });
      if (held.length > REORDERED) next(held.shift() as { pts: number; duration: number });
    },
    end() {
      for (const frame of held.splice(0)) next(frame);
      if (!last) return undefined;
      const lastDuration = last.duration > 0 ? last.duration : Math.round((last.pts - first) / Math.max(1, count - 1));
      return { count, first, last: last.pts, lastDuration, longestGap, reorder, unsound };
    },
  };
}

/** What a plan needs of the times of a track whose tick lasts `tick` seconds. */
export const factsOf = (times: FrameTimes, tick: number, rate: Rational): SourceFacts => ({
  frames: Math.max(1, Math.round((times.last + times.lastDuration - times.first) * tick * toNumber(rate))),
  longestGapSeconds: times.longestGap * tick,
  reorderSeconds: times.reorder * tick,
  unsound: times.unsound,
});
