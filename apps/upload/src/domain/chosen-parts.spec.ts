import { chooseParts } from './chosen-parts';
import { layOut } from './part-layout';

const MIB = 1024 ** 2;
const layout = layOut(20 * MIB, 8 * MIB);
const stored = [8, 8, 4].map((size, index) => ({
  partNumber: index + 1,
  size: size * MIB,
  etag: `"e${index + 1}"`,
  checksum: { algorithm: 'crc32' as const, value: `c${index + 1}` },
  lastModified: new Date(0),
}));
const named = [3, 1, 2].map((partNumber) => ({ partNumber, etag: `e${partNumber}` }));
const refusedWith = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test('parts come in order, with the checksums that were stored, with or without quotes, named or not', () => {
  const chosen = stored.map(({ partNumber, etag, checksum }) => ({ partNumber, etag, checksum: checksum.value }));
  expect(chooseParts(layout, [...stored].reverse(), named)).toEqual(chosen);
  expect(chooseParts(layout, stored)).toEqual(chosen);
});

test.each([
  ['a part was not stored', stored.slice(1), named, 'upload.part_missing', /^Part 1 /],
  ['a part was not named', stored, named.slice(0, 1), 'upload.part_missing', /^Parts 1, 2 /],
  ['nothing has come', [], named, 'upload.part_missing', /^Parts 1, 2, 3 /],
  ['an etag differs', stored, [...named.slice(1), { partNumber: 3, etag: 'x' }], 'upload.part_mismatch', /^Part 3 /],
  [
    'a checksum differs',
    stored,
    [...named.slice(1), { partNumber: 3, etag: 'e3', checksum: 'x' }],
    'upload.part_mismatch',
    /^Part 3 /,
  ],
  ['a part is named twice', stored, [...named, { partNumber: 2, etag: 'e2' }], 'upload.part_mismatch', /^Part 2 /],
  ['a part lies beyond the end', stored, [...named, { partNumber: 4, etag: 'e4' }], 'upload.part_mismatch', /^Part 4 /],
  ['a part is short', [...stored.slice(0, 2), { ...stored[2]!, size: 1 }], named, 'upload.size_mismatch', /^Part 3 /],
])('%s', (_, have, want, code, message) => {
  expect(() => chooseParts(layout, have, want)).toThrow(refusedWith(code, message));
});

test('a long list of missing parts is cut', () => {
  const many = layOut(500 * MIB, 5 * MIB);
  expect(() => chooseParts(many, [], [])).toThrow(refusedWith('upload.part_missing', /^Parts 1, .* 20 and 80 more /));
});
