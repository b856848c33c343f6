import { eventually, media } from '@kinora/testing';
import { type Browser, chromium } from 'playwright-core';
import { chromiumPath, journey } from '../support/browser';
import { type PlayerName, type Seen, look, play, seek } from '../support/growing/players';
import { serveGrowing } from '../support/growing/server';
import { type Title, encodeTitle } from '../support/growing/title';

let title: Title;
let browser: Browser;
beforeAll(async () => {
  title = await encodeTitle(await media.mp4({ seconds: 30, width: 854, height: 480 }), 10);
  if (chromiumPath === undefined) return;
  const args = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'];
  browser = await chromium.launch({ executablePath: chromiumPath, args });
}, 120_000);
afterAll(() => browser?.close());

/** Where a segment ends, in seconds. */
const endOf = (number: number): number => Math.max(2, 6 * (number - 1));

/** Plays a title that grows whenever the playhead has come to the end of what has landed, and returns what was seen. */
async function playGrowing(name: PlayerName): Promise<Seen & { sought: number; crashes: string[] }> {
  const growing = await serveGrowing(title);
  const page = await browser.newPage();
  const crashes: string[] = [];
  page.on('pageerror', (error) => crashes.push(error.message));
  const starved = (number: number) =>
    eventually(async () => (await look(page)).time > endOf(number) - 1, {
      timeoutMs: 60_000,
      label: `segment ${number} played by ${name}`,
    });
  try {
    // The middle rung alone; then all, from chunk to chunk (the first ends with segment 3).
    growing.land({ v480: 1, a0: 6 });
    await play(page, growing.url, name);
    await starved(1);
    growing.land({ v480: 2, v360: 1, v240: 1, a0: 6 });
    await starved(2);
    await seek(page, 1);
    const sought = (await look(page)).time;
    growing.land({ v480: 4, v360: 4, v240: 4, a0: 6 });
    await starved(4);
    growing.close();
    await eventually(async () => (await look(page)).ended, { timeoutMs: 60_000, label: `the end in ${name}` });
    return { ...(await look(page)), sought, crashes };
  } finally {
    await page.close();
    await growing.stop();
  }
}

const names: readonly PlayerName[] = ['hls.js', 'shaka-hls', 'shaka-dash'];
/** All at a time: most of what a player does here is to wait. */
let plays: Promise<PromiseSettledResult<Awaited<ReturnType<typeof playGrowing>>>[]>;

journey.each(names)(
  '%s plays what grows under it from the first segment to the end, without a reload',
  async (name) => {
    const play = (await (plays ??= Promise.allSettled(names.map(playGrowing))))[names.indexOf(name)];
    if (play?.status !== 'fulfilled') throw play?.reason;
    const { time, buffered, errors, crashes, sought } = play.value;
    expect(time).toBeCloseTo(30, 0);
    expect(buffered).toHaveLength(1);
    expect({ errors, crashes }).toEqual({ errors: [], crashes: [] });
    // In the part that was finished by then.
    expect(sought).toBeLessThan(4);
  },
);

it('is cut into chunks, so that seams are played', () => {
  expect(title.video.map(({ segments }) => segments.length)).toEqual([6, 6, 6]);
});
