import { type EncodingPlan, isTruncated, refusal, toNumber } from '@kinora/media';
import { type Failure } from './encoding';
import { INCOMPLETE } from './failures';
import { type Landed, type LandedFacts } from './tracks';

const endSeconds = (track: LandedFacts): number => {
  const last = track.segments.at(-1);
  return last ? (last.startTicks + last.durationTicks) / track.timescale : 0;
};

/** Numbered from 1 without a gap, each beginning where the one before ended, give or take `tolerance` seconds. */
function isWhole(track: LandedFacts, tolerance: number): boolean {
  return track.segments.every((one, n) => {
    const before = track.segments[n - 1];
    const expected = before ? before.startTicks + before.durationTicks : one.startTicks;
    return one.number === n + 1 && Math.abs(one.startTicks - expected) <= tolerance * track.timescale;
  });
}

/**
 * What stands in the way of closing an encoding whose jobs are all done; undefined if nothing does. Judged by what has landed,
 * never by what the container declared: ffmpeg ends well on files that were cut off.
 */
export function findFault(plan: EncodingPlan, landed: Landed): Failure | undefined {
  const frame = 1 / toNumber(plan.rate);
  const rungs = plan.rungs.map((rung) => landed.get(rung.id));
  const first = rungs[0];
  const lastChunk = plan.chunks.at(-1);
  if (!first || first.segments.length < Math.max(1, lastChunk?.firstSegment ?? 1)) {
    // Nothing at all of a source that declares pictures: they are not there.
    return first === undefined || first.segments.length === 0 ? refusal('source.unreadable') : INCOMPLETE;
  }
  const alike = rungs.every(
    (rung) =>
      rung !== undefined &&
      isWhole(rung, frame) &&
      rung.segments.length === first.segments.length &&
      Math.abs(endSeconds(rung) - endSeconds(first)) <= frame,
  );
  const sound = plan.audio.every(({ id }) => isWhole(landed.get(id) ?? { ...first, segments: [] }, 0.1));
  if (!alike || !sound) return INCOMPLETE;
  const decodedMs = Math.max(...rungs.map((rung) => (rung ? endSeconds(rung) * 1000 : 0)));
  return plan.durationMs !== undefined && plan.durationIsOfVideo && isTruncated(plan.durationMs, decodedMs)
    ? refusal('source.truncated')
    : undefined;
}
