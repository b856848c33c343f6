import { bytesOf, missingParts, rangeOf, SpeedMeter, titleFrom } from './parts';

const cut = { size: 25, partSize: 10, partCount: 3 };

test('parts cover the file without gap or overlap', () => {
  expect([1, 2, 3].map((n) => rangeOf(cut, n))).toEqual([
    { start: 0, end: 10 },
    { start: 10, end: 20 },
    { start: 20, end: 25 },
  ]);
  expect(bytesOf(cut, 3)).toBe(5);
});

test('what has arrived whole is not sent again', () => {
  expect(missingParts(cut, [])).toEqual([1, 2, 3]);
  expect(
    missingParts(cut, [
      { partNumber: 2, size: 10 },
      { partNumber: 3, size: 4 },
    ]),
  ).toEqual([1, 3]);
});

test.each([
  ['Summer_at_the_lake.mp4', 'Summer at the lake'],
  ['v1.2 final.mov', 'v1.2 final'],
  ['.mp4', '.mp4'],
])('%s is called %s', (name, title) => expect(titleFrom(name)).toBe(title));

test('speed is that of the last seconds', () => {
  const meter = new SpeedMeter(4000);
  expect(meter.note(0, 0)).toBe(0);
  expect(meter.note(1000, 1000)).toBe(1000);
  for (let at = 2000; at <= 10_000; at += 1000) meter.note(1000 + (at - 1000) * 5, at);
  expect(meter.note(51_000, 11_000)).toBe(5000);
});
