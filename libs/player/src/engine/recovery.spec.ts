import { type Fault, type FaultKind } from './engine';
import { noAttempts, remedyFor, retryDelay, type Attempts, type Remedy } from './recovery';

const fault = (kind: FaultKind): Fault => ({ kind, code: 'x', fatal: true });
const world = { online: true, nativePlays: true };

/** What the ladder does when nothing helps. */
function climb(kind: FaultKind, where = world): Remedy[] {
  const steps: Remedy[] = [];
  let tried: Attempts = noAttempts;
  for (;;) {
    const remedy = remedyFor(fault(kind), tried, where);
    steps.push(remedy);
    if (remedy === 'fail' || remedy === 'wait-online') return steps;
    tried = { ...tried, [remedy]: tried[remedy] + 1 };
  }
}

test('a network fault is retried, then loaded anew, then told', () => {
  expect(climb('network')).toEqual([...Array<Remedy>(6).fill('retry'), 'reload', 'reload', 'fail']);
});

test('what is gone may have other addresses by now', () => {
  expect(climb('gone')).toEqual([...Array<Remedy>(6).fill('retry'), 'renew', 'reload', 'reload', 'fail']);
});

test('offline waits instead of spending its budget', () =>
  expect(climb('network', { ...world, online: false })).toEqual(['wait-online']));

test('a refusal asks for a new grant, twice at most', () =>
  expect(climb('refused')).toEqual(['renew', 'renew', 'fail']));

test('a decoder that fails twice leaves it to the browser, where it can', () => {
  expect(climb('media')).toEqual(['reload', 'reload', 'native', 'fail']);
  expect(climb('media', { ...world, nativePlays: false })).toEqual(['reload', 'reload', 'fail']);
});

test('every kind of fault ends', () => {
  for (const kind of ['network', 'refused', 'gone', 'media', 'manifest', 'unsupported', 'other'] as const)
    expect(climb(kind).at(-1)).toBe('fail');
});

test('delays double up to eight seconds, with a quarter of jitter', () => {
  expect([0, 1, 4, 10].map((n) => retryDelay(n, 0.5))).toEqual([500, 1000, 8000, 8000]);
  expect(retryDelay(0, 0)).toBe(375);
  expect(retryDelay(0, 1)).toBe(625);
});
