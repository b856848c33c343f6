import { firstFrameOfSegment } from '@kinora/media';
import { aPlan } from '../../test/support/plans';
import { findFault } from './completeness';
import {
  type Landed,
  type LandedFacts,
  contiguous,
  extentOf,
  isPlayable,
  plannedSeconds,
  publishable,
  videoMs,
} from './tracks';

const plan = aPlan({ seconds: 10 });
/** 10 s at 25 frames: 50, 100 and 100 frames. */
const FRAMES = 250;

const videoTrack = (id: string, numbers: number[], timescale = 12_800): LandedFacts => ({
  ...{ renditionId: id, timescale, codec: 'avc1.64001e', initBytes: 700 },
  segments: numbers.map((number) => {
    const tick = timescale / 25;
    const from = firstFrameOfSegment(number, plan.gopFrames);
    const to = Math.min(FRAMES, firstFrameOfSegment(number + 1, plan.gopFrames));
    return { number, startTicks: from * tick, durationTicks: (to - from) * tick, bytes: 1_000 };
  }),
});
const audioTrack = (numbers: number[]): LandedFacts => ({ ...videoTrack('a0', numbers, 48_000), codec: 'mp4a.40.2' });
const landed = (...tracks: LandedFacts[]): Landed => new Map(tracks.map((track) => [track.renditionId, track]));
const ids = plan.rungs.map((rung) => rung.id);
const all = (numbers: number[]) => landed(...ids.map((id) => videoTrack(id, numbers)), audioTrack(numbers));

describe('what manifests list', () => {
  it('ends at the first gap, alike in all rungs', () => {
    expect(contiguous(videoTrack('v', [1, 2, 4]).segments)).toHaveLength(2);
    expect(contiguous(videoTrack('v', [2, 3]).segments)).toHaveLength(0);
    const uneven = landed(...ids.map((id, n) => videoTrack(id, n === 0 ? [1, 2] : [1, 2, 3])), audioTrack([1]));
    expect(extentOf(publishable(plan, uneven, false))).toBe([...ids.map((id) => `${id}:2`), 'a0:1'].join(' '));
  });

  it('is playable when every rung and every audio track has begun', () => {
    expect(isPlayable(publishable(plan, all([1]), false))).toBe(true);
    expect(isPlayable(publishable(plan, landed(...ids.map((id) => videoTrack(id, [1]))), false))).toBe(false);
    expect(isPlayable(publishable(plan, landed(audioTrack([1])), false))).toBe(false);
    expect(isPlayable(publishable(plan, new Map(), false))).toBe(false);
  });

  it('leaves out audio that turned out to be empty, once complete', () => {
    const silent = publishable(plan, landed(...ids.map((id) => videoTrack(id, [1, 2, 3]))), true);
    expect(silent.audio).toEqual([]);
    expect(videoMs(silent)).toBe(10_000);
  });

  it('counts the planned seconds over rungs and audio', () => {
    expect(plannedSeconds(plan)).toBe(10 * (ids.length + 1));
  });
});

describe('completeness', () => {
  const codeOf = (facts: Landed) => findFault(plan, facts)?.code;

  it('holds when every rung is whole', () => expect(codeOf(all([1, 2, 3]))).toBeUndefined());
  it('fails at a gap, and at rungs of unequal length', () => {
    expect(codeOf(all([1, 3]))).toBe('encoding.incomplete');
    const uneven = landed(...ids.map((id, n) => videoTrack(id, n === 1 ? [1, 2] : [1, 2, 3])), audioTrack([1, 2, 3]));
    expect(codeOf(uneven)).toBe('encoding.incomplete');
  });
  it('tells a source that was cut off from one that can’t be decoded', () => {
    expect(codeOf(all([1, 2]))).toBe('source.truncated');
    expect(codeOf(new Map())).toBe('source.unreadable');
  });
  it('fails when a whole chunk is missing at the end', () => {
    const chunked = aPlan({ seconds: 60, chunkSeconds: 20 });
    expect(findFault(chunked, all([1, 2, 3]))?.code).toBe('encoding.incomplete');
  });
});
