import { layout } from './layout';
import { normaliseMediaPath } from './media-path';

const videoId = 'vid_01J0000000000000000000000A';
const encodingId = 'enc_01J0000000000000000000000B';

describe('media paths', () => {
  it.each([
    layout.hls(videoId, encodingId),
    layout.dash(videoId, encodingId),
    layout.playlist(videoId, encodingId, 'a0'),
    layout.init(videoId, encodingId, 'v1080'),
    layout.segment(videoId, encodingId, 'v1080', 17),
    layout.poster(videoId, encodingId),
    layout.storyboard(videoId, encodingId),
    layout.sprite(videoId, encodingId, 2),
  ])('take what the layout makes: %s', (key) => {
    expect(normaliseMediaPath(`/${key}`)).toEqual({ key, videoId });
    expect(key.startsWith(layout.video(videoId))).toBe(true);
  });

  const base = `/media/${videoId}`;
  it.each([
    '',
    '/',
    'media/x',
    `${base}`,
    `${base}/`,
    `${base}/a/`,
    `${base}//a`,
    `${base}/./a`,
    `${base}/../vid_01J0000000000000000000000Z/a`,
    `${base}/..`,
    `${base}/.hidden`,
    `${base}/%2e%2e/a`,
    `${base}/%252e%252e/a`,
    `${base}/..%2fa`,
    `${base}/a%2fb`,
    `${base}/a\\..\\b`,
    `${base}/a;b`,
    `${base}/a\0`,
    `${base}/a?x`,
    `${base}/a b`,
    `${base}/ä`,
    `/MEDIA/${videoId}/a`,
    `/media/${videoId.toLowerCase()}/a`,
    `/media/vid_short/a`,
    `//media/${videoId}/a`,
    `/x/../media/${videoId}/a`,
    `${base}/${'a/'.repeat(300)}a`,
  ])('refuse %j', (path) => {
    expect(normaliseMediaPath(path)).toBeUndefined();
  });
});
