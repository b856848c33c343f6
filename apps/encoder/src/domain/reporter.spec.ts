import { type LandedTrack } from '@kinora/contracts-transcode';
import { type SegmentReport } from './ports';
import { type ReporterOptions, createReporter } from './reporter';

const track = (renditionId: string, ...numbers: number[]): LandedTrack => ({
  renditionId,
  ...(numbers[0] === 1 && { init: { timescale: 1, codec: 'avc1', bytes: 1, sha256: 'x' } }),
  segments: numbers.map((number) => ({ number, startTicks: number, durationTicks: 1, bytes: 1 })),
});

function setup(
  answers: (() => Promise<'accepted' | 'stale'>)[] = [],
  { renditions = 2, awaited = true }: Partial<Pick<ReporterOptions, 'renditions' | 'awaited'>> = {},
) {
  jest.useFakeTimers();
  const sent: SegmentReport[] = [];
  const stale = jest.fn();
  const warn = jest.fn();
  const reporter = createReporter({
    reports: {
      send: (report) => {
        sent.push(report);
        return (answers.shift() ?? (() => Promise.resolve('accepted' as const)))();
      },
    },
    job: { encodingId: 'enc_1', fence: 3 },
    jobId: 'job',
    renditions,
    awaited,
    onStale: stale,
    warn,
  });
  const numbers = () =>
    sent.map((report) =>
      report.tracks.map((one) => `${one.renditionId}:${one.segments.map((s) => s.number).join('+')}`).join(' '),
    );
  return { reporter, sent, stale, warn, numbers };
}

afterEach(() => jest.useRealTimers());

describe('createReporter', () => {
  it('sends first segments that are awaited at once, and the rest two seconds later when every rendition has more', async () => {
    const { reporter, numbers, sent } = setup();
    reporter.encoded(2);
    reporter.landed(track('v720', 1));
    reporter.landed(track('v360', 1));
    await jest.advanceTimersByTimeAsync(1);
    expect(numbers()).toEqual(['v720:1 v360:1']);
    reporter.landed(track('v720', 2));
    await jest.advanceTimersByTimeAsync(500);
    reporter.landed(track('v360', 2));
    reporter.landed(track('v720', 3));
    expect(numbers()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1600);
    expect(numbers()[1]).toBe('v720:2+3 v360:2');
    expect(sent[1]).toMatchObject({ encodingId: 'enc_1', fence: 3, jobId: 'job', encodedSeconds: 2 });
    reporter.stop();
  });

  it('lets nobody wait for more than a beat for renditions that have nothing new', async () => {
    const { reporter, numbers } = setup([], { awaited: false });
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(9_900);
    expect(numbers()).toEqual([]);
    await jest.advanceTimersByTimeAsync(200);
    expect(numbers()).toEqual(['v720:1']);
    reporter.landed(track('v720', 2));
    reporter.landed(track('v360', 1));
    await jest.advanceTimersByTimeAsync(1_800);
    expect(numbers()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(200);
    expect(numbers()[1]).toBe('v720:2 v360:1');
    reporter.stop();
  });

  it('sends again what could not be delivered, in order and with its init', async () => {
    const { reporter, sent, numbers, warn } = setup([() => Promise.reject(new Error('down'))]);
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(1);
    reporter.landed(track('v720', 2));
    await jest.advanceTimersByTimeAsync(2100);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(numbers()).toEqual(['v720:1', 'v720:1+2']);
    expect(sent[1]?.tracks[0]?.init).toBeDefined();
    reporter.stop();
  });

  it('beats while nothing lands, so that a cancellation is noticed', async () => {
    const { sent, stale, reporter } = setup([() => Promise.resolve('accepted'), () => Promise.resolve('stale')]);
    await jest.advanceTimersByTimeAsync(10_100);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.tracks).toEqual([]);
    await jest.advanceTimersByTimeAsync(10_100);
    expect(stale).toHaveBeenCalledTimes(1);
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(2);
  });

  it('delivers the rest at the end', async () => {
    const { reporter, numbers } = setup();
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(1);
    reporter.landed(track('v720', 2));
    await reporter.end();
    expect(numbers()).toEqual(['v720:1', 'v720:2']);
  });
});
