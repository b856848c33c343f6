import { type EncodingProgress } from '@kinora/contracts-transcode';
import { createBase } from '@kinora/service';
import { createProgressSignals } from './progress-signals';

const { logger } = createBase('transcode', 'silent');
const ref = (id: string) => ({ id, videoId: `vid_${id}` });

function setUp() {
  const sent: EncodingProgress[][] = [];
  const close = jest.fn(async () => undefined);
  const send = jest.fn(async (_event: unknown, _id: string, data: unknown) => {
    sent.push((data as { encodings: EncodingProgress[] }).encodings);
  });
  return { sent, close, signals: createProgressSignals({ send, close }, logger, 5_000) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('tells the first at once, and what comes soon after together, each with its latest', async () => {
  const { sent, signals } = setUp();
  signals.progressed(ref('a'), 0.1, null);
  expect(sent).toEqual([[{ videoId: 'vid_a', encodingId: 'a', progress: 0.1, estimatedSecondsLeft: null }]]);
  signals.progressed(ref('a'), 0.3, 40);
  signals.progressed(ref('b'), 0.2, null);
  // Two reports may overtake each other.
  signals.progressed(ref('a'), 0.25, 30);
  expect(sent).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(sent[1]).toEqual([
    { videoId: 'vid_a', encodingId: 'a', progress: 0.3, estimatedSecondsLeft: 30 },
    { videoId: 'vid_b', encodingId: 'b', progress: 0.2, estimatedSecondsLeft: null },
  ]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(2);
  signals.progressed(ref('b'), 0.9, 1);
  expect(sent).toHaveLength(3);
});

it('tells nothing more when it is closed', async () => {
  const { sent, close, signals } = setUp();
  signals.progressed(ref('a'), 0.1, null);
  signals.progressed(ref('a'), 0.2, null);
  await signals.close();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(close).toHaveBeenCalledTimes(1);
});
