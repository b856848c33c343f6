import fc from 'fast-check';
import { layOut, sizeOfPart } from './part-layout';

const MIB = 1024 ** 2;

test('the parts of any file fit S3 and add up to the file', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 * 1024 ** 4 }),
      fc.constantFrom(5 * MIB, 8 * MIB, 16 * MIB),
      (size, preferred) => {
        const layout = layOut(size, preferred);
        expect(layout.partCount).toBeLessThanOrEqual(10_000);
        expect(layout.partSize).toBeGreaterThanOrEqual(5 * MIB);
        expect(layout.partSize).toBeLessThanOrEqual(5 * 1024 * MIB);
        const last = sizeOfPart(layout, layout.partCount) ?? 0;
        expect(last).toBeGreaterThan(0);
        expect(last).toBeLessThanOrEqual(layout.partSize);
        expect(layout.partSize * (layout.partCount - 1) + last).toBe(size);
      },
    ),
  );
});

test.each([0, -1, 4, 1.5, Number.NaN])('there is no part %p of three', (number) => {
  expect(sizeOfPart(layOut(20 * MIB, 8 * MIB), number)).toBeUndefined();
});
