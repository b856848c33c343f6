import { formatAgo, formatBytes, formatDuration, formatSpan } from './format';

test.each([
  [0, '0:00'],
  [59.9, '0:59'],
  [61, '1:01'],
  [3661, '1:01:01'],
  [Number.NaN, '–:––'],
  [null, '–:––'],
])('a duration of %p s reads %p', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [1_250_000, '1.25 MB'],
  [99_960_000, '100 MB'],
  [999_999, '1.00 MB'],
  [5e15, '5000 TB'],
])('%p bytes read %p', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('ages are told in the largest whole unit', () => {
  const now = Date.parse('2026-01-10T00:00:00Z');
  expect(formatAgo('2026-01-09T23:59:40Z', now)).toBe('just now');
  expect(formatAgo('2026-01-09T22:00:00Z', now)).toBe('2 hours ago');
  expect(formatAgo('2026-01-07T00:00:00Z', now)).toBe('3 days ago');
});

test('spans', () => {
  expect([formatSpan(48_000), formatSpan(300_000), formatSpan(7_500_000), formatSpan(7_200_000)]).toEqual([
    '48 s',
    '5 min',
    '2 h 5 min',
    '2 h',
  ]);
});
