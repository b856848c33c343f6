import { Parser } from 'm3u8-parser';
import { brokenRules } from '../fixtures/hls-rules';
import { published } from '../fixtures/published';
import { hlsMedia, hlsMultivariant } from './hls';
import { begun, isPlayable, measured } from './published';

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

  it('closes with ENDLIST', () => {
    const text = hlsMedia(track, true);
    const manifest = parse(text);
    expect(manifest).toMatchObject({ playlistType: 'EVENT', endList: true, targetDuration: 7, mediaSequence: 1 });
    expect(manifest.segments.map((one: { uri: string; duration: number }) => [one.uri, one.duration])).toEqual([
      ['v720/1.m4s', 2.002],
      ['v720/2.m4s', 4.004],
      ['v720/3.m4s', 6.006],
      ['v720/4.m4s', 4.2042],
    ]);
    expect(manifest.segments[0].map.uri).toBe('v720/init.mp4');
    expect(text).toContain('#EXTINF:2.002000,');
  });

  it('grows as EVENT and starts at the beginning', () => {
    for (const count of [1, 2, 3, 4]) {
      const one = parse(hlsMedia({ ...track, segments: track.segments.slice(0, count) }, false));
      expect(one).toMatchObject({ playlistType: 'EVENT', start: { timeOffset: 0 } });
      expect(one.endList).not.toBe(true);
    }
  });

  it.each([
    ['2 s', [2, 4, 6, 6, 1]],
    ['2.5 s, of one frame in five seconds', [2.5, 5, 7.5, 7.5]],
    ['a video shorter than one', [0.4]],
    ['sound that overshoots', [2.02, 4.01, 6.49, 5.99]],
  ])('keeps the rules for growing playlists with GOPs of %s', (_, seconds) => {
    const whole = { ...track, timescale: 100, segments: seconds.map((s) => ({ ticks: s * 100, bytes: 1 })) };
    const versions = seconds.map((_, n) => hlsMedia({ ...whole, segments: whole.segments.slice(0, n + 1) }, false));
    expect(brokenRules([...versions, hlsMedia(whole, true)])).toEqual([]);
  });

  it('is judged by rules that can be broken', () => {
    const open = hlsMedia(track, false);
    const closed = hlsMedia(track, true);
    expect(brokenRules([closed, open])).toContain('version 1: changed or removed what was there');
    expect(brokenRules([open.replace('DURATION:7', 'DURATION:5'), closed])).toEqual([
      'version 0: v720/3.m4s is longer than the target duration',
      'version 1: changed or removed what was there',
    ]);
    expect(brokenRules([open])).toEqual(['version 0: never ends']);
    expect(brokenRules([closed.replace('EVENT', 'VOD')])).toContain('version 0: must have #EXT-X-PLAYLIST-TYPE:EVENT');
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

  it('lists what has begun: every rung as far as it is, sound no further than the picture', () => {
    const open = published(false);
    const [top, middle] = open.video;
    if (!top || !middle) throw new Error('unreachable');
    const first = (count: number, track: typeof top) => ({ ...track, segments: track.segments.slice(0, count) });
    const early = { ...open, video: [first(0, top), first(2, middle)] };
    expect(begun(early).video.map((track) => [track.id, track.segments.length])).toEqual([['v360', 2]]);
    expect(begun(early).audio.map((track) => track.segments.length)).toEqual([2, 2]);
    const later = begun({ ...open, video: [first(1, top), first(3, middle)] });
    expect(later.video.map((track) => [track.id, track.segments.length])).toEqual([
      ['v720', 1],
      ['v360', 3],
    ]);
  });

  it('is playable with the middle rung and the sound that is heard by default', () => {
    const open = published(false);
    const [top, middle] = open.video;
    const [english, german] = open.audio;
    if (!top || !middle || !english || !german) throw new Error('unreachable');
    const none = { segments: [] };
    expect(isPlayable({ ...open, video: [{ ...top, ...none }, middle] })).toBe(true);
    expect(isPlayable({ ...open, video: [top, { ...middle, ...none }] })).toBe(false);
    expect(isPlayable({ ...open, audio: [english, { ...german, ...none }] })).toBe(true);
    expect(isPlayable({ ...open, audio: [{ ...english, ...none }, german] })).toBe(false);
    expect(isPlayable({ ...open, audio: [] })).toBe(true);
    expect(isPlayable({ ...open, video: [] })).toBe(false);
  });
});
