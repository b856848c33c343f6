import { firstFrameOfSegment, middleRung } from '@kinora/media';
import fc from 'fast-check';
import { aPlan } from '../../test/support/plans';
import { findFault } from './completeness';
import {
  type Landed,
  type LandedFacts,
  contiguous,
  extentOf,
  plannedSeconds,
  playableSoFar,
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
  const middle = middleRung(plan.rungs).id;
  const extent = (facts: Landed) => {
    const tracks = playableSoFar(plan, facts);
    return tracks && extentOf(tracks);
  };

  it('begins with the middle rung and the sound, and ends at the first gap', () => {
    expect(ids.length).toBeGreaterThan(1);
    expect(contiguous(videoTrack('v', [1, 2, 4]).segments)).toHaveLength(2);
    expect(contiguous(videoTrack('v', [2, 3]).segments)).toHaveLength(0);
    expect(extent(landed(videoTrack(middle, [1, 2]), audioTrack([1, 2, 3])))).toBe(`${middle}:2 a0:2`);
    const uneven = landed(...ids.map((id) => videoTrack(id, id === middle ? [1, 2] : [1, 3])), audioTrack([1]));
    expect(extent(uneven)).toBe([...ids.map((id) => `${id}:${id === middle ? 2 : 1}`), 'a0:1'].join(' '));
  });

  it('is nothing before those two have begun, whatever else has', () => {
    const others = ids.filter((id) => id !== middle).map((id) => videoTrack(id, [1]));
    expect(extent(landed(...others, audioTrack([1])))).toBeUndefined();
    expect(extent(landed(...ids.map((id) => videoTrack(id, [1]))))).toBeUndefined();
    expect(extent(landed(audioTrack([1])))).toBeUndefined();
    expect(extent(new Map())).toBeUndefined();
  });

  it('only ever grows, in whatever order segments land', () => {
    const landings = fc.shuffledSubarray([...ids, 'a0'].flatMap((id) => [1, 2, 3].map((number) => ({ id, number }))));
    fc.assert(
      fc.property(landings, (order) => {
        const numbers = new Map([...ids, 'a0'].map((id): [string, number[]] => [id, []]));
        let before: ReturnType<typeof playableSoFar>;
        for (const { id, number } of order) {
          numbers.set(id, [...(numbers.get(id) ?? []), number].toSorted());
          const facts = [...numbers].map(([of, some]) => (of === 'a0' ? audioTrack(some) : videoTrack(of, some)));
          const now = playableSoFar(plan, landed(...facts));
          for (const was of [...(before?.video ?? []), ...(before?.audio ?? [])]) {
            const is = [...(now?.video ?? []), ...(now?.audio ?? [])].find((track) => track.id === was.id);
            expect(is?.segments.slice(0, was.segments.length)).toEqual(was.segments);
          }
          before = now;
        }
      }),
    );
  });

  it('leaves out audio that turned out to be empty, once complete', () => {
    const silent = publishable(plan, landed(...ids.map((id) => videoTrack(id, [1, 2, 3]))));
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
