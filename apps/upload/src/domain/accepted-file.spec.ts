import { acceptFile, plainName, titleFrom } from './accepted-file';

const limits = { maxBytes: 1_000, contentTypes: ['video/*', 'application/mxf'], extensions: ['mov'] };
const accept = (filename: string, contentType: string, size = 10) =>
  acceptFile({ filename, contentType, size }, limits);

test.each([
  ['a.mp4', 'video/mp4', 'video/mp4'],
  ['a', 'VIDEO/MP4; codecs="avc1"', 'video/mp4'],
  ['a.mxf', 'application/mxf', 'application/mxf'],
  ['A.MOV', 'application/octet-stream', 'application/octet-stream'],
])('%p as %p is taken', (filename, contentType, normal) => {
  expect(accept(filename, contentType)).toMatchObject({ contentType: normal });
});

test.each([
  ['a.txt', 'text/plain'],
  ['a.mp4', 'application/octet-stream'],
  ['a.mov', 'application/pdf'],
  ['a.mov', ''],
  ['a.mov', 'video'],
  ['a.mov', 'video/'],
  ['a.mov', 'video/mp4\r\nx: y'],
  ['a.mov', 'video/../etc'],
  ['a.mov\u0000.txt', 'application/octet-stream'],
])('%p as %p is refused', (filename, contentType) => {
  expect(() => accept(filename, contentType)).toThrow(expect.objectContaining({ code: 'upload.type_refused' }));
});

test('size is limited on both ends', () => {
  expect(() => accept('a.mp4', 'video/mp4', 0)).toThrow(expect.objectContaining({ code: 'upload.empty' }));
  expect(() => accept('a.mp4', 'video/mp4', 1_001)).toThrow(expect.objectContaining({ code: 'upload.too_large' }));
  accept('a.mp4', 'video/mp4', 1_000);
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\temp\\film.mov', 'film.mov'],
  ['-i evil.mp4', '-i evil.mp4'],
  ['nul\u0000byte.mp4', 'nulbyte.mp4'],
  ['\u202egnp.4pm', 'gnp.4pm'],
  ['e\u0301te\u0301.mp4', 'été.mp4'],
  ['🎬.mp4', '🎬.mp4'],
  ['\ud800.mp4', '\ufffd.mp4'],
  ['/', 'video'],
])('the name %p becomes %p', (given, name) => {
  expect(plainName(given)).toBe(name);
});

test.each([
  ['my_holiday.final.mp4', 'my holiday.final'],
  ['.mp4', '.mp4'],
  ['no ending', 'no ending'],
])('the title of %p is %p', (name, title) => {
  expect(titleFrom(name)).toBe(title);
});
