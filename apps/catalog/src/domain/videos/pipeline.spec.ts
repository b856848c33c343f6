import { newId } from '@kinora/contracts-common';
import fc from 'fast-check';
import { type Pipeline, type PipelineEvent, advance, concerns, statusOf, untouched } from './pipeline';

const uploads = [1_000, 2_000].map((at) => newId('upl', at));
const encodings = [1_000, 2_000, 3_000].map((at) => newId('enc', at));
const size = { durationMs: 60_000, width: 1920, height: 1080 };
const made = { ...size, renditions: [], poster: true };
const after = (events: readonly PipelineEvent[]): Pipeline => events.reduce(advance, untouched);

const first = encodings[0] ?? '';
const second = encodings[1] ?? '';
const whole: PipelineEvent[] = [
  { type: 'upload.started', uploadId: uploads[0] ?? '' },
  { type: 'upload.completed', uploadId: uploads[0] ?? '' },
  { type: 'encoding.started', encodingId: first, ...size },
  { type: 'encoding.progress', encodingId: first, progress: 0.4, estimatedEnd: null },
  { type: 'video.playable', encodingId: first, at: new Date(1_000), ...made },
  { type: 'encoding.progress', encodingId: first, progress: 0.9, estimatedEnd: new Date(1_500) },
  { type: 'video.ready', encodingId: first, at: new Date(2_000), storyboard: true, ...made },
];

const upload = fc.record({
  type: fc.constantFrom('upload.started' as const, 'upload.ended' as const, 'upload.completed' as const),
  uploadId: fc.constantFrom(...uploads),
});
const encoding: fc.Arbitrary<PipelineEvent> = fc.constantFrom(...encodings).chain((encodingId) =>
  fc.oneof<fc.Arbitrary<PipelineEvent>[]>(
    fc.constant({ type: 'encoding.started', encodingId, ...size }),
    fc
      .tuple(fc.constantFrom(0, 0.3, 0.7, 1), fc.constantFrom(null, new Date(6_000), new Date(8_000)))
      .map(([progress, estimatedEnd]) => ({ type: 'encoding.progress', encodingId, progress, estimatedEnd })),
    fc.constant({ type: 'encoding.failed', encodingId, code: 'source.truncated', message: 'It ends too early.' }),
    fc.constant({ type: 'video.playable', encodingId, at: new Date(5_000), ...made, durationMs: 59_000 }),
    fc.constant({
      type: 'video.ready',
      encodingId,
      at: new Date(9_000),
      ...made,
      durationMs: 59_960,
      storyboard: true,
    }),
  ),
);
const events = fc.array(fc.oneof(upload, encoding), { minLength: 1, maxLength: 20 });

describe('a video’s pipeline', () => {
  it('goes from draft to ready', () => {
    const seen = whole.map((_, n) => statusOf(after(whole.slice(0, n + 1))));
    expect(statusOf(untouched)).toBe('draft');
    expect(seen).toEqual(['uploading', 'processing', 'processing', 'processing', 'playable', 'playable', 'ready']);
    expect(after(whole).encoding).toMatchObject({
      progress: 1,
      playableAt: new Date(1_000),
      readyAt: new Date(2_000),
      facts: { poster: true, storyboard: true },
    });
  });

  it('is a draft again when its upload ends without a file', () => {
    const ended = after([...whole.slice(0, 1), { type: 'upload.ended', uploadId: uploads[0] ?? '' }]);
    expect(statusOf(ended)).toBe('draft');
  });

  it('does not let the late end of an earlier upload touch the next one', () => {
    const next = after([{ type: 'upload.started', uploadId: uploads[1] ?? '' }]);
    expect(statusOf(advance(next, { type: 'upload.ended', uploadId: uploads[0] ?? '' }))).toBe('uploading');
  });

  it('starts over with a newer encoding, and ignores what an older one still says', () => {
    const failed = after([
      { type: 'encoding.started', encodingId: first, ...size },
      { type: 'encoding.failed', encodingId: first, code: 'encoding.cancelled', message: 'Cancelled.' },
    ]);
    expect(statusOf(failed)).toBe('failed');
    const again = advance(failed, { type: 'encoding.started', encodingId: second, ...size });
    expect(statusOf(again)).toBe('processing');
    const late: PipelineEvent = { type: 'encoding.progress', encodingId: first, progress: 0.5, estimatedEnd: null };
    expect(advance(again, late).encoding).toEqual(again.encoding);
  });

  it('shows what was published until the video that is encoded again is ready, and then the new one', () => {
    const again = after([...whole, { type: 'encoding.started', encodingId: second, ...size }]);
    expect([statusOf(again), again.encoding?.id]).toEqual(['ready', first]);
    const playable = advance(again, { type: 'video.playable', encodingId: second, at: new Date(3_000), ...made });
    expect([statusOf(playable), playable.encoding?.id]).toEqual(['ready', first]);
    const ready: PipelineEvent = {
      type: 'video.ready',
      encodingId: second,
      at: new Date(4_000),
      storyboard: true,
      ...made,
    };
    const now = advance(playable, ready);
    expect([statusOf(now), now.encoding?.id]).toEqual(['ready', second]);
    const failed = { type: 'encoding.failed', encodingId: second, code: 'encoding.internal', message: 'No.' } as const;
    const kept = advance(playable, failed);
    expect([statusOf(kept), kept.encoding?.id]).toEqual(['ready', first]);
    expect(concerns(now, { ...failed, encodingId: first })).toBe(false);
  });

  it('does not depend on the order or the number of events (100 sets of events, 10 shuffles each)', () => {
    fc.assert(
      fc.property(
        events.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.array(
              fc
                .array(fc.constantFrom(...list), { maxLength: 10 })
                .chain((again) => fc.shuffledSubarray([...list, ...again], { minLength: list.length + again.length })),
              { minLength: 10, maxLength: 10 },
            ),
          ),
        ),
        ([list, shuffles]) => {
          const expected = after(list);
          for (const shuffled of shuffles) expect(after(shuffled)).toEqual(expected);
        },
      ),
    );
  });

  it('never moves the same encoding backwards', () => {
    const rank = { draft: 0, uploading: 0, processing: 0, playable: 1, failed: 2, ready: 3 };
    fc.assert(
      fc.property(events, (list) => {
        let was = untouched;
        for (const event of list) {
          const now = advance(was, event);
          if (was.encoding && was.encoding.id === now.encoding?.id) {
            expect(rank[statusOf(now)]).toBeGreaterThanOrEqual(rank[statusOf(was)]);
            expect(now.encoding.progress).toBeGreaterThanOrEqual(was.encoding.progress);
          }
          was = now;
        }
      }),
    );
  });
});
