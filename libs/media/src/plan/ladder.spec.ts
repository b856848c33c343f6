import fc from 'fast-check';
import { fitShortSide, planLadder } from './ladder';

const at25 = { num: 25, den: 1 };
const sizes = (displayWidth: number, displayHeight: number, rate = at25) =>
  planLadder({ displayWidth, displayHeight }, rate).map((rung) => `${rung.width}x${rung.height}`);

describe('planLadder', () => {
  it.each([
    ['1080p', 1920, 1080, ['1920x1080', '1280x720', '854x480', '640x360', '426x240']],
    ['4K', 3840, 2160, ['1920x1080', '1280x720', '854x480', '640x360', '426x240']],
    ['a phone held upright', 1080, 1920, ['1080x1920', '720x1280', '480x854', '360x640', '240x426']],
    ['720p', 1280, 720, ['1280x720', '854x480', '640x360', '426x240']],
    ['odd', 641, 359, ['640x358', '428x240']],
    ['PAL wide', 1024, 576, ['1024x576', '854x480', '640x360', '426x240']],
    ['a little over a step', 900, 500, ['864x480', '648x360', '432x240']],
    ['square', 1000, 1000, ['1000x1000', '720x720', '480x480', '360x360', '240x240']],
    ['cinema', 2560, 1080, ['2560x1080', '1706x720', '1138x480', '854x360', '568x240']],
    ['panorama', 8192, 1080, ['3640x480', '2730x360', '1820x240']],
    ['small', 320, 180, ['320x180']],
    ['a strip', 8, 4096, ['8x4096']],
    ['one pixel', 1, 1, ['2x2']],
  ])('%s', (_, width, height, expected) => {
    expect(sizes(width, height)).toEqual(expected);
  });

  it('is never larger than the source, always even, upright as it is, and within 1 % of its shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 120, max: 5000 }),
        fc.integer({ min: 120, max: 5000 }),
        (displayWidth, displayHeight) => {
          const rungs = planLadder({ displayWidth, displayHeight }, at25);
          expect(rungs.length).toBeGreaterThan(0);
          expect(new Set(rungs.map((rung) => rung.id)).size).toBe(rungs.length);
          for (const { width, height, id } of rungs) {
            expect([width % 2, height % 2]).toEqual([0, 0]);
            expect(width).toBeLessThanOrEqual(displayWidth);
            expect(height).toBeLessThanOrEqual(displayHeight);
            expect(Math.max(width, height)).toBeLessThanOrEqual(4096);
            expect(id).toBe(`v${Math.min(width, height)}`);
            expect(Math.abs(width / height / (displayWidth / displayHeight) - 1)).toBeLessThan(0.01 + 1e-9);
          }
        },
      ),
    );
  });

  it('chooses profile, level and caps by size and rate', () => {
    const [top, , , , low] = planLadder({ displayWidth: 1920, displayHeight: 1080 }, at25);
    expect(top).toMatchObject({
      id: 'v1080',
      profile: 'high',
      level: '4',
      maxrate: 5_000_000,
      bufsize: 7_500_000,
      timescale: 12_800,
      crf: 23,
      preset: 'veryfast',
    });
    expect(low).toMatchObject({ id: 'v240', profile: 'main', level: '2.1' });
    const [fast] = planLadder({ displayWidth: 1920, displayHeight: 1080 }, { num: 60, den: 1 });
    expect(fast).toMatchObject({ level: '4.2', maxrate: 7_500_000, timescale: 15_360 });
    expect(planLadder({ displayWidth: 8, displayHeight: 4096 }, at25)[0]?.level).toBe('4');
  });

  it('fits a poster', () => {
    expect(fitShortSide({ width: 1920, height: 1080 }, 720)).toEqual({ width: 1280, height: 720 });
    expect(fitShortSide({ width: 320, height: 180 }, 720)).toEqual({ width: 320, height: 180 });
  });
});
