import fc from 'fast-check';
import { ffprobeAudio, ffprobeOutput, ffprobeVideo } from '../fixtures/ffprobe';
import { parseProbe } from '../probe/parse-probe';
import { isDetailed, planBeginning, planInDetail, rungsOf } from './beginning';
import { middleRung } from './middle-rung';
import { chunksOf, firstFrameOfSegment } from './chunks';
import { EncodingPlan } from './encoding-plan';
import { planEncoding } from './plan-encoding';

const wholePlan = (seconds: number, video: Record<string, unknown> = {}) =>
  planEncoding(
    parseProbe(
      ffprobeOutput([ffprobeVideo({ duration: String(seconds), ...video }), ffprobeAudio()], {
        duration: String(seconds),
      }),
    ),
  );
const facts = (frames: number) => ({ frames, longestGapSeconds: 0.2, reorderSeconds: 0, unsound: false });
const chunking = (plan: EncodingPlan, slots = 1) => chunksOf(20, plan.rate, slots);

describe('middleRung', () => {
  it.each([
    [{}, 'v480'],
    [{ width: 1080, height: 1920 }, 'v480'],
    [{ width: 640, height: 360 }, 'v360'],
    [{ width: 320, height: 180 }, 'v180'],
  ])('of %j is %s', (video, id) => {
    expect(middleRung(wholePlan(60, video).rungs).id).toBe(id);
  });
});

describe('planBeginning', () => {
  it('is a job of one rung and two segments', () => {
    const plan = planBeginning(wholePlan(60));
    const begins = { startFrame: 0, firstSegment: 1 };
    expect(plan.chunks).toEqual([{ index: 0, ...begins, endFrame: 150, rungs: [{ id: 'v480', ...begins }] }]);
    expect(isDetailed(plan)).toBe(false);
    expect(EncodingPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('leaves whole what hardly goes on, or nobody knows how long', () => {
    for (const seconds of [1, 6, 7.9]) expect(isDetailed(planBeginning(wholePlan(seconds)))).toBe(true);
  });
});

describe('planInDetail', () => {
  it('encodes every frame of every rung once, whatever the length', () => {
    const [lengths, slotCounts, chunkLengths] = [
      fc.integer({ min: 200, max: 12_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 4, max: 40 }),
    ];
    fc.assert(
      fc.property(lengths, slotCounts, chunkLengths, (frames, slots, seconds) => {
        const begun = planBeginning(wholePlan(frames / 25));
        const plan = planInDetail(begun, facts(frames), chunksOf(seconds, begun.rate, slots));
        expect(isDetailed(plan)).toBe(true);
        for (const { id } of plan.rungs) {
          let at = 0;
          for (const chunk of plan.chunks) {
            const part = rungsOf(plan, chunk).find(({ rung }) => rung.id === id)?.part;
            if (!part) continue;
            expect(part.startFrame).toBe(at);
            expect(part.startFrame).toBeGreaterThanOrEqual(chunk.startFrame);
            expect(chunk.endFrame ?? frames).toBeGreaterThan(part.startFrame);
            expect(part.startFrame).toBe(firstFrameOfSegment(part.firstSegment, plan.gopFrames));
            at = chunk.endFrame ?? frames;
          }
          expect(at).toBe(frames);
        }
        plan.chunks.forEach(({ index }, n) => expect(index).toBe(n));
      }),
    );
  });

  it('has chunks of 20 s, 12 at least, as many as are worked on at a time or a multiple', () => {
    const lengths = (seconds: number, slots: number) => {
      const begun = planBeginning(wholePlan(seconds));
      const [, ...chunks] = planInDetail(begun, facts(seconds * 25), chunking(begun, slots)).chunks;
      return chunks.map((chunk, n) => ((chunks[n + 1]?.startFrame ?? seconds * 25) - chunk.startFrame) / 25);
    };
    expect(lengths(29, 4)).toEqual([29]);
    expect(lengths(60, 2)).toHaveLength(4);
    expect(lengths(60, 3)).toHaveLength(3);
    expect(lengths(100, 100)).toHaveLength(8);
    for (const seconds of [31, 60, 100, 601])
      for (const slots of [1, 2, 3, 8, 100])
        // Within half a segment, for chunks begin where segments do.
        for (const length of lengths(seconds, slots)) expect(length).toBeGreaterThanOrEqual(9);
  });

  it.each([
    ['nothing is known of its frames', {}, undefined],
    ['its times go backwards', {}, { ...facts(2_500), unsound: true }],
    ['a pause is longer than ten seconds', {}, { ...facts(2_500), longestGapSeconds: 11 }],
    ['it is interlaced', { field_order: 'tt' }, facts(2_500)],
  ])('leaves a source in one piece if %s', (_, video, found) => {
    const begun = planBeginning(wholePlan(100, video));
    const [, opening, ...others] = planInDetail(begun, found, chunking(begun)).chunks;
    expect(others).toEqual([]);
    expect(opening).toMatchObject({ startFrame: 0, endFrame: null });
  });

  it('starts to decode so long before a chunk that a pause is bridged', () => {
    const begun = planBeginning(wholePlan(100));
    const plan = planInDetail(begun, { ...facts(2_500), longestGapSeconds: 6.2, reorderSeconds: 6.3 }, chunking(begun));
    expect(plan.source.seekMarginSeconds).toBeCloseTo(12.7);
  });

  it('has all of the rung again where one or two frames are left of it, for those would have another init', () => {
    const begun = planBeginning(wholePlan(60));
    const rungs = (frames: number) => planInDetail(begun, facts(frames), {}).chunks[1]?.rungs;
    expect(rungs(152)).toBeUndefined();
    expect(rungs(150)?.find(({ id }) => id === 'v480')).toBeUndefined();
    expect(rungs(153)?.find(({ id }) => id === 'v480')).toMatchObject({ startFrame: 150, firstSegment: 3 });
  });
});

it('understands plans of version 1', () => {
  const { chunks: _, ...plan } = wholePlan(60);
  const chunks = [{ index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }];
  const old = { ...plan, version: 1, chunks };
  const parsed = EncodingPlan.parse(JSON.parse(JSON.stringify(old)));
  expect(parsed).toEqual(old);
  const [chunk] = parsed.chunks;
  expect(chunk && rungsOf(parsed, chunk).map(({ rung }) => rung.id)).toEqual(plan.rungs.map(({ id }) => id));
});
