import { parseInit } from '../cmaf/init';
import { joinBytes, makeFragment, makeInit } from '../fixtures/fragmented-mp4';
import { makeBox } from '../cmaf/boxes';
import { measureSegment, playlistOf, readPlaylist } from './result';

const init = parseInit(makeInit());
const styp = makeBox('styp', new TextEncoder().encode('msdh'));

/** Reads as a store does: what was asked for, fewer bytes at the end. */
const reader = (bytes: Uint8Array) => {
  const asked: number[] = [];
  const read = async (start: number, length: number) => {
    asked.push(length);
    return bytes.subarray(start, start + length);
  };
  return { asked, measure: () => measureSegment(init, bytes.byteLength, read) };
};

describe('measureSegment', () => {
  it('adds up the fragments of a segment without reading the media', async () => {
    const fragments = [0, 1, 2].map((n) =>
      makeFragment({ start: 25_600 * n + 512, samples: 50, bytes: 300_000, large: n === 1 }),
    );
    const { asked, measure } = reader(joinBytes(styp, ...fragments));
    expect(await measure()).toEqual({ startTicks: 512, durationTicks: 3 * 25_600 });
    expect(asked.reduce((a, b) => a + b, 0)).toBeLessThan(60_000);
  });

  it('reads a fragment’s header that is larger than what was fetched', async () => {
    const fragments = [0, 1].map((n) => makeFragment({ start: 9_000 * 512 * n, samples: 9_000, duration: 512 }));
    const { measure } = reader(joinBytes(styp, ...fragments));
    expect(await measure()).toEqual({ startTicks: 0, durationTicks: 2 * 9_000 * 512 });
  });

  it.each([
    [
      'has a gap',
      [makeFragment({ start: 0, samples: 50 }), makeFragment({ start: 30_000, samples: 50 })],
      /not at 25600/,
    ],
    ['is cut short', [makeFragment({ start: 0, samples: 50, bytes: 500 }).subarray(0, 300)], /cut short/],
    ['has no fragment', [], /no fragment/],
  ])('refuses one that %s', async (_, parts, message) => {
    await expect(reader(joinBytes(styp, ...parts)).measure()).rejects.toThrow(message);
  });
});

describe('readPlaylist', () => {
  const playlist = (lines: string[]) => ['#EXTM3U', '#EXT-X-VERSION:6', ...lines, ''].join('\r\n');
  const map = '#EXT-X-MAP:URI="main_v720init.cmfv"';

  it('lists header and segments in order', () => {
    const text = playlist([map, '#EXTINF:6,', 'b_000000001.cmfv', '#EXTINF:2,', 'b_000000002.cmfv', '#EXT-X-ENDLIST']);
    expect(readPlaylist(text)).toEqual({
      init: 'main_v720init.cmfv',
      segments: ['b_000000001.cmfv', 'b_000000002.cmfv'],
    });
  });

  it.each([
    ['has no end', [map, '#EXTINF:6,', 'a.cmfv']],
    ['has no header', ['#EXTINF:6,', 'a.cmfv', '#EXT-X-ENDLIST']],
    ['names files elsewhere', [map, '#EXTINF:6,', '../../other/a.cmfv', '#EXT-X-ENDLIST']],
  ])('refuses one that %s', (_, lines) => expect(() => readPlaylist(playlist(lines))).toThrow());
});

it('finds the playlist of a rendition by the end of its name', () => {
  const names = ['main.m3u8', 'main_v1720.m3u8', 'main_v720.m3u8', 'main_v720_000000001.cmfv'];
  expect(playlistOf(names, 'v720')).toBe('main_v720.m3u8');
  expect(playlistOf(names, 'a0')).toBeUndefined();
});
