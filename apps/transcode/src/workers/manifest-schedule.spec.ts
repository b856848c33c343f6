import { createBase } from '@kinora/service';
import { type PublishOutcome } from '../domain/publish-manifests';
import { createManifestSchedule } from './manifest-schedule';

const { logger } = createBase('test', 'silent');

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function scheduleWith(answer: (call: number) => PublishOutcome | Error) {
  const calls: { id: string; repair: boolean }[] = [];
  const schedule = createManifestSchedule({
    publish: async (id, repair = false) => {
      calls.push({ id, repair });
      const outcome = answer(calls.length);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    logger,
    intervalMs: 1_000,
  });
  return { calls, schedule };
}

it('writes at once what is awaited, then at most once an interval, and always after the last request', async () => {
  const { calls, schedule } = scheduleWith(() => 'written');
  schedule.request('a', true);
  expect(calls).toHaveLength(1);
  for (let n = 0; n < 50; n += 1) schedule.request('a');
  await jest.advanceTimersByTimeAsync(900);
  expect(calls).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(200);
  expect(calls).toHaveLength(2);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(calls).toHaveLength(2);
});

it('looks at once at all that lands before there is anything to play', async () => {
  const { calls, schedule } = scheduleWith((call) => (call < 3 ? 'waiting' : 'written'));
  for (let n = 0; n < 3; n += 1) {
    schedule.request('a', true);
    await jest.advanceTimersByTimeAsync(1);
  }
  expect(calls).toHaveLength(3);
  // One that comes while it looks is looked at after that.
  schedule.request('b', true);
  schedule.request('b');
  await jest.advanceTimersByTimeAsync(1_100);
  expect(calls.filter(({ id }) => id === 'b')).toHaveLength(2);
});

it('gathers for an interval what is not awaited, and forgets what was written otherwise', async () => {
  const { calls, schedule } = scheduleWith(() => 'written');
  schedule.request('a');
  schedule.request('b');
  await jest.advanceTimersByTimeAsync(900);
  schedule.request('a');
  schedule.drop('b');
  schedule.drop('c');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(calls.map(({ id }) => id)).toEqual(['a']);
});

it('comes back while another replica writes, and repairs after a failure', async () => {
  const { calls, schedule } = scheduleWith((call) =>
    call === 1 ? 'busy' : call === 2 ? new Error('store') : 'written',
  );
  schedule.request('a', true);
  await jest.advanceTimersByTimeAsync(1_100);
  await jest.advanceTimersByTimeAsync(1_100);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(calls.map((one) => one.repair)).toEqual([false, false, true]);
});

it('stops when it is closed', async () => {
  const { calls, schedule } = scheduleWith(() => 'busy');
  schedule.request('a', true);
  await schedule.close();
  await jest.advanceTimersByTimeAsync(5_000);
  schedule.request('b');
  expect(calls).toHaveLength(1);
});
