import { secondsUntil } from './estimate';

const at = (seconds: number) => new Date(1_000_000 + 1000 * seconds);

it('counts whole seconds', () => expect(secondsUntil(at(20.5), at(0))).toBe(21));

it('is unknown until somebody can say, and again once it has passed', () => {
  expect(secondsUntil(undefined, at(0))).toBeNull();
  expect(secondsUntil(at(5), at(6))).toBeNull();
});
