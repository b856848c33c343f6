import { Transcript } from './transcript';

const said = (...pieces: string[]): string => {
  const transcript = new Transcript();
  for (const piece of pieces) transcript.add(Buffer.from(piece));
  return transcript.text;
};

it('keeps the beginning and the end', () => {
  const text = said('begin', ...Array.from({ length: 100 }, () => '.'.repeat(1000)), 'end');
  expect(text).toMatch(/^begin\.+end$/);
  expect(text.length).toBe(4096 + 8192);
});

it('keeps no signature of the URL that it was given', () => {
  const url = 'http://s3:9000/raw/a?X-Amz-Credential=me%2F2027&X-Amz-Signature=0123';
  expect(said(`${url}: Server returned `, '404 Not Found\nsource ?')).toBe(
    'http://s3:9000/raw/a: Server returned 404 Not Found\nsource ?',
  );
});
