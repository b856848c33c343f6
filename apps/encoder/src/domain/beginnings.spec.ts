import { createBeginnings, patiently } from './beginnings';

const { signal } = new AbortController();
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Whether a promise has settled when everything that is due has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await jest.advanceTimersByTimeAsync(0);
  return done;
}

it('lets beginnings go before, all that are at work', async () => {
  const beginnings = createBeginnings();
  expect(await settled(beginnings.over(1_000, signal))).toBe(true);
  const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [first, second] = [beginnings.during(() => one.promise), beginnings.during(() => two.promise)];
  const over = beginnings.over(1_000, signal);
  one.resolve();
  await first;
  expect(await settled(over)).toBe(false);
  two.reject(new Error('broken'));
  await expect(second).rejects.toThrow('broken');
  expect(await settled(over)).toBe(true);
  expect(await settled(beginnings.over(1_000, signal))).toBe(true);
});

it('waits for so long in all, and then no more', async () => {
  const beginnings = createBeginnings();
  void beginnings.during(() => new Promise(() => undefined));
  const wait = patiently(beginnings, signal, 1_000);
  const first = wait();
  expect(await settled(first)).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await settled(first)).toBe(true);
  expect(await settled(wait())).toBe(true);
});

it('waits no more when it is told to stop', async () => {
  const beginnings = createBeginnings();
  void beginnings.during(() => new Promise(() => undefined));
  const stop = new AbortController();
  const over = beginnings.over(1_000, stop.signal);
  expect(await settled(over)).toBe(false);
  stop.abort();
  expect(await settled(over)).toBe(true);
});
