import { paceOf, secondsUntil } from './estimate';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

it('is the rest at the rate of the time since the first report', () => {
  const first = paceOf(undefined, 10, 100, at(0));
  expect(first.end).toBeUndefined();
  // 30 seconds of output in ten: sixty are left.
  const later = paceOf(first.since, 40, 100, at(10));
  expect(secondsUntil(later.end, at(10))).toBe(20);
  expect(secondsUntil(later.end, at(12.5))).toBe(18);
  expect(secondsUntil(paceOf(first.since, 100, 100, at(30)).end, at(30))).toBeNull();
});

it('is unknown without a length, without progress, and in the first seconds', () => {
  const { since } = paceOf(undefined, 10, 100, at(0));
  expect(paceOf(since, 40, null, at(10)).end).toBeUndefined();
  expect(paceOf(since, 10, 100, at(10)).end).toBeUndefined();
  expect(paceOf(since, 40, 100, at(1)).end).toBeUndefined();
});

it('is unknown again once it has passed', () => expect(secondsUntil(at(5), at(6))).toBeNull());

it('starts anew with a new attempt', () =>
  expect(paceOf({ at: at(0), seconds: 50 }, 5, 100, at(60))).toEqual({
    since: { at: at(60), seconds: 5 },
    end: undefined,
  }));
