import { pollPauseMs, redeliverySeconds } from './pauses';

const retry = { first: 5, longest: 900 };
const [least, most] = [() => 0, () => 1];

it('waits longer after every failure of a message, never longer than told', () => {
  expect([1, 2, 3, 4].map((count) => redeliverySeconds(count, retry, most))).toEqual([5, 10, 20, 40]);
  expect([1, 3].map((count) => redeliverySeconds(count, retry, least))).toEqual([3, 10]);
  expect(redeliverySeconds(1_000, retry, most)).toBe(900);
  // A queue that does not say how often counts as the first time.
  expect(redeliverySeconds(0, retry, most)).toBe(5);
});

it('never asks a queue that is away without a pause', () => {
  expect(pollPauseMs(1, least)).toBe(250);
  expect(pollPauseMs(50, most)).toBe(30_000);
});
