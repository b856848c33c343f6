import { cacheControlOf, privately } from './cache-policy';

const of = (key: string, text?: string, cacheControl?: string) =>
  cacheControlOf(
    { key, ...(cacheControl !== undefined && { cacheControl }) },
    text === undefined ? undefined : Buffer.from(text),
  );

describe('cache policy', () => {
  it.each([
    ['a/1.m4s', undefined, undefined, 'public, max-age=31536000, immutable'],
    ['a/v720.m3u8', '#EXTM3U\n#EXTINF:2,\n1.m4s', undefined, 'public, max-age=1'],
    ['a/v720.m3u8', '#EXTM3U\n#EXTINF:2,\n1.m4s', 'public, max-age=600', 'public, max-age=1'],
    ['a/v720.m3u8', '#EXTM3U\n#EXTINF:2,\n1.m4s\n#EXT-X-ENDLIST', undefined, 'public, max-age=60'],
    ['a/main.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1', undefined, 'public, max-age=1'],
    ['a/main.m3u8', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1', 'public, max-age=60', 'public, max-age=60'],
    ['a/manifest.mpd', '<MPD xmlns="x" type="dynamic">', undefined, 'public, max-age=1'],
    ['a/manifest.mpd', '<MPD xmlns="x" type="static">', undefined, 'public, max-age=60'],
    ['a/manifest.mpd', undefined, undefined, 'public, max-age=1'],
  ])('%s %j %s → %s', (key, text, stored, wanted) => {
    expect(of(key, text, stored)).toBe(wanted);
  });

  it('is for the browser alone where cookies open the door', () => {
    expect(privately(of('a/1.m4s'))).toBe('private, max-age=31536000, immutable');
  });
});
