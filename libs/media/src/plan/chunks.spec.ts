import fc from 'fast-check';
import {
  firstFrameOfSegment,
  firstGopOfSegment,
  gopsInSegment,
  planChunks,
  segmentCount,
  segmentOfFrame,
  segmentOfGop,
} from './chunks';

describe('segments', () => {
  it('have one, two, then three GOPs', () => {
    expect([1, 2, 3, 4, 5].map(gopsInSegment)).toEqual([1, 2, 3, 3, 3]);
    expect([1, 2, 3, 4, 5].map(firstGopOfSegment)).toEqual([0, 1, 3, 6, 9]);
    expect([0, 1, 2, 3, 5, 6, 8, 9].map(segmentOfGop)).toEqual([1, 2, 2, 3, 3, 4, 4, 5]);
    expect([0, 1, 50, 51, 150, 151, 300, 301].map((frames) => segmentCount(frames, 50))).toEqual([
      0, 1, 1, 2, 2, 3, 3, 4,
    ]);
  });

  it('are found again from any of their frames', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 120 }), (segment, gop) => {
        const first = firstFrameOfSegment(segment, gop);
        const next = firstFrameOfSegment(segment + 1, gop);
        expect(next - first).toBe(gopsInSegment(segment) * gop);
        expect(segmentOfFrame(first, gop)).toBe(segment);
        expect(segmentOfFrame(next - 1, gop)).toBe(segment);
      }),
    );
  });
});

describe('planChunks', () => {
  it('is one open chunk unless asked for more', () => {
    const one = [{ index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }];
    expect(planChunks(1500, 50)).toEqual(one);
    expect(planChunks(undefined, 50, { targetFrames: 500 })).toEqual(one);
    expect(planChunks(199, 50, { targetFrames: 100 })).toEqual(one);
  });

  it('covers every frame once, starting where segments start, no tail under a segment', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30_000 }),
        fc.integer({ min: 10, max: 120 }),
        fc.integer({ min: 200, max: 5000 }),
        (total, gop, target) => {
          const chunks = planChunks(total, gop, { targetFrames: target });
          expect(chunks[0]).toMatchObject({ startFrame: 0, firstSegment: 1 });
          expect(chunks.at(-1)?.endFrame).toBeNull();
          chunks.forEach((chunk, n) => {
            expect(chunk.index).toBe(n);
            expect(chunk.startFrame).toBe(firstFrameOfSegment(chunk.firstSegment, gop));
            if (n > 0) expect(chunks[n - 1]?.endFrame).toBe(chunk.startFrame);
            if (n > 0) expect(total - chunk.startFrame).toBeGreaterThanOrEqual(3 * gop);
          });
        },
      ),
    );
  });

  it('makes chunks of about the length asked for', () => {
    expect(planChunks(15_000, 50, { targetFrames: 500 }).length).toBe(30);
  });
});
