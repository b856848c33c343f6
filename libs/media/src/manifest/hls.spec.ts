import { Parser } from 'm3u8-parser';
import { published } from '../fixtures/published';
import { hlsMedia, hlsMultivariant } from './hls';
import { commonPrefix, isPlayable, measured } from './published';

const parse = (text: string) => {
  const parser = new Parser();
  parser.push(text);
  parser.end();
  return parser.manifest;
};

describe('hlsMultivariant', () => {
  it('says what a player needs to choose', () => {
    const text = hlsMultivariant(published());
    const manifest = parse(text);
    expect(manifest.independentSegments).toBe(true);
    expect(manifest.playlists.map((one: { uri: string }) => one.uri)).toEqual(['v360.m3u8', 'v720.m3u8']);
    expect(manifest.playlists[1].attributes).toMatchObject({
      CODECS: 'avc1.64001f,mp4a.40.2',
      RESOLUTION: { width: 1280, height: 720 },
      'FRAME-RATE': 29.97,
      AUDIO: 'audio',
      BANDWIDTH: 1_419_769,
    });
    expect(Number(manifest.playlists[1].attributes['AVERAGE-BANDWIDTH'])).toBeLessThanOrEqual(1_419_769);
    expect(Object.keys(manifest.mediaGroups.AUDIO.audio)).toEqual(['English', "Der  Kommentar  <&'>"]);
    expect(manifest.mediaGroups.AUDIO.audio.English).toMatchObject({
      default: true,
      autoselect: true,
      language: 'en',
      uri: 'a0.m3u8',
    });
    expect(text).not.toContain('EXT-X-START');
  });

  it('works without sound', () => {
    const text = hlsMultivariant({ ...published(), audio: [] });
    expect(text).not.toContain('AUDIO=');
    expect(parse(text).playlists[0].attributes.CODECS).toBe('avc1.4d401e');
  });
});

describe('hlsMedia', () => {
  const [track] = published().video;
  if (!track) throw new Error('unreachable');

  it('closes as VOD', () => {
    const text = hlsMedia(track, true);
    const manifest = parse(text);
    expect(manifest).toMatchObject({ playlistType: 'VOD', endList: true, targetDuration: 6, mediaSequence: 1 });
    expect(manifest.segments.map((one: { uri: string; duration: number }) => [one.uri, one.duration])).toEqual([
      ['v720/1.m4s', 2.002],
      ['v720/2.m4s', 4.004],
      ['v720/3.m4s', 6.006],
      ['v720/4.m4s', 4.2042],
    ]);
    expect(manifest.segments[0].map.uri).toBe('v720/init.mp4');
    expect(text).toContain('#EXTINF:2.002000,');
  });

  it('grows as EVENT, starts at the beginning and keeps its target', () => {
    const grown = [1, 2, 3, 4].map((count) =>
      parse(hlsMedia({ ...track, segments: track.segments.slice(0, count) }, false)),
    );
    expect(new Set(grown.map((one) => one.targetDuration))).toEqual(new Set([7]));
    for (const one of grown) expect(one).toMatchObject({ playlistType: 'EVENT', start: { timeOffset: 0 } });
    expect(grown.some((one) => one.endList)).toBe(false);
  });
});

describe('published tracks', () => {
  it('measures peak and average', () => {
    expect(
      measured({
        timescale: 1,
        segments: [
          { ticks: 2, bytes: 100 },
          { ticks: 4, bytes: 100 },
          { ticks: 1, bytes: 1000 },
        ],
      }),
    ).toEqual({ average: 1372, peak: 1760 });
    expect(
      measured({
        timescale: 1,
        segments: [
          { ticks: 4, bytes: 500 },
          { ticks: 4, bytes: 100 },
        ],
      }),
    ).toEqual({ average: 600, peak: 1000 });
    expect(measured({ timescale: 1, segments: [] })).toEqual({ average: 0, peak: 0 });
  });

  it('cuts a growing set to what all of it has', () => {
    const open = published(false);
    const [first, second] = open.video;
    if (!first || !second) throw new Error('unreachable');
    const uneven = { ...open, video: [first, { ...second, segments: second.segments.slice(0, 2) }] };
    expect(commonPrefix(uneven).video.map((track) => track.segments.length)).toEqual([2, 2]);
    expect(commonPrefix(uneven).audio.map((track) => track.segments.length)).toEqual([2, 2]);
    expect(isPlayable(uneven)).toBe(true);
    expect(isPlayable({ ...open, video: [{ ...first, segments: [] }] })).toBe(false);
  });
});
