import { checksummer, checksumOf } from './checksum';

// "123456789" is what catalogues of CRCs give the value for.
it.each([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
] as const)('knows %s', (algorithm, hex) => {
  const whole = checksumOf(algorithm, Buffer.from('123456789'));
  expect(Buffer.from(whole.value, 'base64').toString('hex')).toBe(hex);
  const inPieces = checksummer(algorithm);
  for (const piece of ['1234', '', '56789']) inPieces.update(Buffer.from(piece));
  expect(inPieces.base64()).toBe(whole.value);
});
