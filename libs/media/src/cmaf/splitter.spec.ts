import fc from 'fast-check';
import { joinBytes, makeFragment, makeInit } from '../fixtures/fragmented-mp4';
import { BoxError, findBox, makeBox } from './boxes';
import { parseInit } from './init';
import { byGops, createSegmenter, nearVideo } from './segmenter';
import { type SplitEvent, createFragmentSplitter } from './splitter';

const splitAt = (bytes: Uint8Array, cuts: readonly number[]): SplitEvent[] => {
  const splitter = createFragmentSplitter();
  const points = [0, ...cuts.toSorted((a, b) => a - b), bytes.byteLength];
  const events = points.slice(1).flatMap((end, n) => splitter.push(bytes.subarray(points[n], end)));
  splitter.end();
  return events;
};

/** Events with their bytes as text: Jest compares arrays of bytes one by one. */
const digest = (events: SplitEvent[]): string =>
  JSON.stringify(
    events.map((event) =>
      event.type === 'init'
        ? { ...event, bytes: Buffer.from(event.bytes).toString('base64') }
        : { ...event.fragment, parts: event.fragment.parts.map((part) => Buffer.from(part).toString('base64')) },
    ),
  );

const fragmentsOf = (events: SplitEvent[]) =>
  events.flatMap((event) => (event.type === 'fragment' ? [event.fragment] : []));

const stream = joinBytes(
  makeInit(),
  makeBox('free', new Uint8Array(5)),
  makeFragment({ start: 0, samples: 50 }),
  makeFragment({ start: 25_600, samples: 50, tfdtVersion: 0, large: true, bytes: 3000 }),
  makeBox('sidx', new Uint8Array(40)),
  makeFragment({ start: 51_200, samples: 3, duration: 512, keyframe: false, bytes: 0 }),
  makeFragment({ start: 2 ** 40, samples: 1 }),
  makeBox('mfra', new Uint8Array(16)),
);

describe('createFragmentSplitter', () => {
  it('gives the same events however the bytes arrive', () => {
    const whole = digest(splitAt(stream, []));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.byteLength }), { maxLength: 60 }), (cuts) => {
        expect(digest(splitAt(stream, cuts))).toBe(whole);
      }),
      { numRuns: 60 },
    );
    expect(
      digest(
        splitAt(
          stream,
          Array.from({ length: stream.byteLength }, (_, n) => n),
        ),
      ),
    ).toBe(whole);
  });

  it('reads times, durations and keyframes', () => {
    const events = splitAt(stream, [7, 900]);
    expect(events[0]).toMatchObject({
      type: 'init',
      facts: { trackId: 1, timescale: 12_800, codec: 'avc1.64001f', width: 640, height: 360, kind: 'video' },
    });
    expect(fragmentsOf(events)).toMatchObject([
      { startTicks: 0, durationTicks: 25_600, samples: 50, keyframe: true },
      { startTicks: 25_600, durationTicks: 25_600, samples: 50, keyframe: true },
      { startTicks: 51_200, durationTicks: 1536, samples: 3, keyframe: false },
      { startTicks: 2 ** 40, durationTicks: 512, samples: 1, keyframe: true },
    ]);
  });

  it('keeps the bytes of init and fragments, and takes the rotation out of the header', () => {
    const [init, first] = splitAt(stream, []);
    if (init?.type !== 'init' || first?.type !== 'fragment') throw new Error('unexpected events');
    const tkhd = findBox(init.bytes, ['moov', 'trak', 'tkhd'])?.body;
    expect([...(tkhd?.subarray(40, 76) ?? [])]).toEqual([
      0,
      1,
      0,
      0,
      ...Array<number>(12).fill(0),
      0,
      1,
      0,
      0,
      ...Array<number>(12).fill(0),
      64,
      0,
      0,
      0,
    ]);
    expect(joinBytes(...first.fragment.parts)).toEqual(makeFragment({ start: 0, samples: 50 }));
  });

  it('refuses what ends early or is no fragmented MP4', () => {
    expect(() => splitAt(stream.subarray(0, -3), [])).toThrow(BoxError);
    expect(() => splitAt(new Uint8Array(0), [])).toThrow(BoxError);
    expect(() => splitAt(makeBox('mdat', new Uint8Array(4)), [])).toThrow('mdat without moof');
    expect(() => splitAt(Uint8Array.from([0, 0, 0, 4, 1, 1, 1, 1]), [])).toThrow(BoxError);
  });

  it('takes megabytes in small pieces without copying them again and again', () => {
    const big = joinBytes(makeInit(), makeFragment({ start: 0, samples: 50, bytes: 8_000_000 }));
    const cuts = Array.from({ length: 2000 }, (_, n) => n * 4000);
    const started = process.cpuUsage();
    expect(fragmentsOf(splitAt(big, cuts))[0]?.byteLength).toBeGreaterThan(8_000_000);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });

  it('names AAC', () => {
    expect(parseInit(makeInit({ kind: 'audio', timescale: 48_000 }))).toMatchObject({
      codec: 'mp4a.40.2',
      channels: 2,
      sampleRate: 48_000,
      timescale: 48_000,
    });
  });
});

describe('createSegmenter', () => {
  const feed = (segmenter: ReturnType<typeof createSegmenter>, starts: number[], samples = 50) => {
    const init = makeInit();
    const events = splitAt(joinBytes(init, ...starts.map((start) => makeFragment({ start, samples }))), []);
    return [...fragmentsOf(events).map((fragment) => segmenter.push(fragment)), segmenter.end()].flatMap(
      (segment) => segment ?? [],
    );
  };

  it('groups GOPs as 1, 2, 3, 3 and leaves the rest to the last segment', () => {
    const segments = feed(
      createSegmenter(byGops),
      Array.from({ length: 8 }, (_, n) => n * 25_600),
    );
    expect(segments.map((one) => [one.number, one.startTicks / 25_600, one.durationTicks / 25_600])).toEqual([
      [1, 0, 1],
      [2, 1, 2],
      [3, 3, 3],
      [4, 6, 2],
    ]);
    const [first] = segments;
    expect(first?.byteLength).toBe(first?.parts.reduce((sum, part) => sum + part.byteLength, 0));
    expect(String.fromCharCode(...(first?.parts[0]?.subarray(4, 12) ?? []))).toBe('stypmsdh');
  });

  it('numbers a later chunk on', () => {
    expect(feed(createSegmenter(byGops, 4), [0, 25_600, 51_200]).map((one) => one.number)).toEqual([4]);
  });

  it('refuses a gap', () => {
    expect(() => feed(createSegmenter(byGops), [0, 51_200])).toThrow('not at 25600');
  });

  it('ends audio segments near those of the video, without drifting', () => {
    // Fragments of 1.0453 s against GOPs of 2 s.
    const ticks = 47 * 285;
    const starts = Array.from({ length: 60 }, (_, n) => n * ticks);
    const init = makeInit();
    const segmenter = createSegmenter(nearVideo(2, 12_800));
    const events = splitAt(
      joinBytes(init, ...starts.map((start) => makeFragment({ start, samples: 47, duration: 285 }))),
      [],
    );
    const ends = fragmentsOf(events)
      .flatMap((fragment) => segmenter.push(fragment) ?? [])
      .map((one) => (one.startTicks + one.durationTicks) / 12_800);
    ends.forEach((end, n) => expect(Math.abs(end - (n === 0 ? 2 : 6 * n))).toBeLessThanOrEqual(0.53));
  });
});
