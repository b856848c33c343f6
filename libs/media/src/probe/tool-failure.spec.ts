import { isTruncated } from './accept-source';
import { parseTail } from './probe-arguments';
import { refusalOfFailure } from './tool-failure';

describe('refusalOfFailure', () => {
  it.each([
    ['source.not_media', 'x: Invalid data found when processing input'],
    ['source.truncated', '[mov] moov atom not found\nx: Invalid data found when processing input'],
    ['source.unsupported_format', "[hls] Format not on whitelist 'mov'\nx: Invalid argument"],
    ['source.too_many_streams', 'Number of streams exceeds max_streams parameter (64)\nx: Cannot allocate memory'],
    ['source.not_media', ''],
  ])('a probe that failed means %s', (code, stderr) => {
    expect(refusalOfFailure({ exitCode: 1, stderr }, 'probe')?.code).toBe(code);
  });

  it.each([
    ['source.unreadable', 'Error while decoding stream #0:0: Invalid data found when processing input'],
    ['source.unsupported_codec', "[h264] Codec (h264) not on whitelist 'vp9'"],
    ['source.no_video', "Stream map '0:9' matches no streams."],
  ])('a decode that failed means %s', (code, stderr) => {
    expect(refusalOfFailure({ exitCode: 1, stderr }, 'decode')?.code).toBe(code);
  });

  it.each([
    'No space left on device',
    'HTTP error 503 Service Unavailable',
    'Connection reset by peer',
    'Cannot allocate memory',
  ])('%s is no fault of the source', (stderr) => {
    expect(refusalOfFailure({ exitCode: 1, stderr }, 'decode')).toBeUndefined();
  });

  it('a killed tool says nothing about the source', () => {
    expect(refusalOfFailure({ signal: 'SIGKILL', stderr: 'Invalid data' }, 'decode')).toBeUndefined();
  });
});

describe('the end of a file', () => {
  it('is read from the last packets', () => {
    const tail = parseTail('0,59.960000,0.040000,900\n1,59.990000,0.021333,200\n1,60.000000,,\n');
    expect(tail).toMatchObject({ packets: 2, endMs: 60_011 });
    expect(tail.endMsOf.get(0)).toBe(60_000);
    expect(parseTail('')).toMatchObject({ packets: 0 });
  });

  it('may miss a little, not more', () => {
    expect(isTruncated(60_000, 59_900)).toBe(false);
    expect(isTruncated(60_000, 58_000)).toBe(true);
    expect(isTruncated(200, 40)).toBe(false);
  });
});
