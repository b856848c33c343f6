import { firstGopOfSegment, gopsInSegment } from '../plan/chunks';
import { makeBox } from './boxes';
import { type Fragment } from './fragment';

/** One CMAF segment file: `styp` and one or more fragments. */
export interface Segment {
  readonly number: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  readonly byteLength: number;
  readonly parts: readonly Uint8Array[];
}

/** Says whether a segment is complete with the fragment just added. */
export type SegmentRule = (segment: {
  readonly number: number;
  readonly fragments: number;
  readonly endTicks: number;
  readonly lastTicks: number;
}) => boolean;

/** Video: a fragment is a GOP, and segment n has 1, 2, 3, 3, … of them. */
export const byGops: SegmentRule = ({ number, fragments }) => fragments === gopsInSegment(number);

/**
 * Audio: a segment ends with the fragment whose end lies nearest to the end of the video segment of the same number.
 * @param gopSeconds exact length of a GOP
 * @param timescale of the audio track
 */
export const nearVideo =
  (gopSeconds: number, timescale: number): SegmentRule =>
  ({ number, endTicks, lastTicks }) =>
    endTicks + lastTicks / 2 >= firstGopOfSegment(number + 1) * gopSeconds * timescale;

/** `styp` with the brands of a CMAF segment made of media segments (ISO/IEC 23000-19 §7.3.3.1). */
const STYP = makeBox('styp', new TextEncoder().encode('msdh\0\0\0\0msdhmsixcmfs'));

export interface Segmenter {
  /** The segment that this fragment completed, if any. @throws if the fragment doesn't follow the one before it */
  push(fragment: Fragment): Segment | undefined;
  /** The last, shorter segment, if there is one. */
  end(): Segment | undefined;
}

/** Groups the fragments of one track into segments numbered from `firstSegment`. */
export function createSegmenter(rule: SegmentRule, firstSegment = 1): Segmenter {
  let number = firstSegment;
  let fragments: Fragment[] = [];
  let expected: number | undefined;

  const close = (): Segment => {
    const segment: Segment = {
      number,
      startTicks: fragments[0]?.startTicks ?? 0,
      durationTicks: fragments.reduce((sum, one) => sum + one.durationTicks, 0),
      samples: fragments.reduce((sum, one) => sum + one.samples, 0),
      byteLength: fragments.reduce((sum, one) => sum + one.byteLength, STYP.byteLength),
      parts: [STYP, ...fragments.flatMap((one) => one.parts)],
    };
    number += 1;
    fragments = [];
    return segment;
  };

  return {
    push(fragment) {
      if (expected !== undefined && fragment.startTicks !== expected) {
        throw new Error(`fragment starts at ${fragment.startTicks}, not at ${expected}`);
      }
      expected = fragment.startTicks + fragment.durationTicks;
      fragments.push(fragment);
      return rule({ number, fragments: fragments.length, endTicks: expected, lastTicks: fragment.durationTicks })
        ? close()
        : undefined;
    },
    end: () => (fragments.length > 0 ? close() : undefined),
  };
}
