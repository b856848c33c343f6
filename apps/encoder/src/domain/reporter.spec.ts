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
  {
    renditions = new Map([
      ['v720', 1],
      ['v360', 1],
    ]),
    awaited = [],
  }: Partial<Pick<ReporterOptions, 'renditions' | 'awaited'>> = {},
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
  it('sends what is awaited at once when the last of it has begun, and the rest two seconds later at the earliest', async () => {
    const { reporter, numbers, sent } = setup([], { awaited: ['v720', 'v360'] });
    reporter.encoded(2);
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(500);
    expect(numbers()).toEqual([]);
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

  it('does not keep what is awaited back for what is not', async () => {
    const { reporter, numbers } = setup([], { awaited: ['v360'] });
    reporter.landed(track('v720', 1));
    reporter.landed(track('v360', 1));
    reporter.landed(track('v360', 2));
    await jest.advanceTimersByTimeAsync(1);
    expect(numbers()).toEqual(['v720:1 v360:1+2']);
    reporter.stop();
  });

  it('reports when the last rendition has come further, of which one may begin later than others', async () => {
    const renditions = new Map([
      ['v720', 3],
      ['v360', 5],
    ]);
    const { reporter, numbers } = setup([], { renditions });
    reporter.landed(track('v720', 3));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(numbers()).toEqual(['v720:3']);
    reporter.landed(track('v720', 4, 5));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(numbers()[1]).toBe('v720:4+5');
    reporter.landed(track('v720', 6));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(numbers()).toHaveLength(2);
    reporter.landed(track('v360', 5));
    await jest.advanceTimersByTimeAsync(1);
    expect(numbers()[2]).toBe('v720:6 v360:5');
    reporter.stop();
  });

  it('lets nobody wait for more than a beat for renditions that have nothing new', async () => {
    const { reporter, numbers } = setup();
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(19_900);
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
    const { reporter, sent, numbers, warn } = setup([() => Promise.reject(new Error('down'))], { awaited: ['v720'] });
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(1);
    reporter.landed(track('v720', 2));
    await jest.advanceTimersByTimeAsync(2100);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(numbers()).toEqual(['v720:1', 'v720:1+2']);
    expect(sent[1]?.tracks[0]?.init).toBeDefined();
    reporter.stop();
  });

  it('beats while nothing lands, so that another attempt is noticed', async () => {
    const { sent, stale, reporter } = setup([() => Promise.resolve('accepted'), () => Promise.resolve('stale')]);
    await jest.advanceTimersByTimeAsync(20_100);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.tracks).toEqual([]);
    await jest.advanceTimersByTimeAsync(20_100);
    expect(stale).toHaveBeenCalledTimes(1);
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(40_000);
    expect(sent).toHaveLength(2);
  });

  it('delivers the rest at the end', async () => {
    const { reporter, numbers } = setup([], { awaited: ['v720'] });
    reporter.landed(track('v720', 1));
    await jest.advanceTimersByTimeAsync(1);
    reporter.landed(track('v720', 2));
    await reporter.end();
    expect(numbers()).toEqual(['v720:1', 'v720:2']);
  });
});
