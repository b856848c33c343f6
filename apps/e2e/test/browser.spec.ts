import AxeBuilder from '@axe-core/playwright';
import { eventually, freshDir, media } from '@kinora/testing';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { chromiumPath, journey } from '../support/browser';
import { type Api, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { upload } from '../support/upload';

const { url, email, password } = platform();
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

let context: BrowserContext;
let page: Page;
let api: Api;
beforeAll(async () => {
  ({ api } = await signIn(url, email, password));
  if (chromiumPath === undefined) return;
  context = await chromium.launchPersistentContext(freshDir('chromium'), {
    executablePath: chromiumPath,
    headless: true,
    args,
    viewport: { width: 1280, height: 800 },
  });
  page = await context.newPage();
});
afterAll(() => context?.close());

const errors: string[] = [];
const signInByForm = async (): Promise<void> => {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(/e-?mail/i).fill(email);
  await page.getByLabel(/^password/i).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
};

/** Waits until the video element has really advanced by decoding. */
const playhead = () => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);

journey('signs in, uploads, watches, and sees the view counted', async () => {
  page.on('pageerror', (error) => errors.push(error.message));
  await signInByForm();
  await page.goto(`${url}/upload`);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await media.mp4({ seconds: 9 }));
  const watch = page.getByRole('link', { name: /watch/i }).first();
  await watch.waitFor({ timeout: 90_000 });
  await watch.click();
  await page.waitForURL(/\/watch\/vid_/);
  const videoId = /vid_[0-9A-Z]{26}/.exec(page.url())?.[0] ?? '';
  await page.locator('video').first().waitFor();
  await page.getByRole('button', { name: /^play/i }).first().click();
  await eventually(async () => (await playhead()) > 6, { timeoutMs: 40_000, label: 'six seconds played' });
  await videoIn(api, videoId, 'ready');
  // Leaving the page sends the last beacon.
  await page.goto(`${url}/videos/${videoId}/analytics`);
  await eventually(async () => (await api.getVideoAnalytics({ params: { videoId }, query: {} })).totals.views === 1, {
    timeoutMs: 45_000,
    label: 'one view',
  });
  await page.reload();
  await page.getByText(/views/i).first().waitFor();
  expect(errors).toEqual([]);
});

journey(
  'a video is watched while it is encoded, to its end and in its best quality',
  async () => {
    const id = await upload(api, await media.mp4({ seconds: 45, width: 1280, height: 720 }), {
      title: 'Still growing',
    });
    // Playing starts long before all of it is there.
    expect((await videoIn(api, id, 'playable', 'ready')).status).toBe('playable');
    await page.goto(`${url}/watch/${id}`);
    await page.getByRole('button', { name: /^play/i }).first().click();
    await eventually(async () => (await playhead()) > 0.5, { timeoutMs: 40_000, label: 'playing' });
    await page.evaluate(() => void (document.querySelector('video')!.playbackRate = 2));
    await eventually(() => page.evaluate(() => document.querySelector('video')?.videoHeight === 720), {
      timeoutMs: 60_000,
      label: 'the largest rung',
    });
    await eventually(() => page.evaluate(() => document.querySelector('video')?.ended === true), {
      timeoutMs: 120_000,
      label: 'the end',
    });
    expect(await playhead()).toBeCloseTo(45, 0);
    expect(await page.getByRole('alert').count()).toBe(0);
  },
  300_000,
);

journey('the player obeys the keyboard', async () => {
  const id = await upload(api, await media.mp4({ seconds: 20 }), { title: 'By keyboard' });
  await videoIn(api, id, 'ready');
  await page.goto(`${url}/watch/${id}`);
  await page.locator('video').first().waitFor();
  const paused = () => page.evaluate(() => document.querySelector('video')?.paused ?? true);
  await eventually(
    async () => {
      await page.keyboard.press('k');
      return eventually(async () => !(await paused()) && (await playhead()) > 0.2, { timeoutMs: 5_000 }).catch(
        () => false,
      );
    },
    { timeoutMs: 30_000, label: 'playing after k' },
  );
  await page.keyboard.press('k');
  await eventually(paused);
  const before = await playhead();
  await page.keyboard.press('l');
  await eventually(async () => (await playhead()) >= before + 9);
  await page.keyboard.press('j');
  await eventually(async () => (await playhead()) <= before + 1);
  await page.keyboard.press('m');
  await eventually(() => page.evaluate(() => document.querySelector('video')?.muted === true));
});

journey('a video is encoded again from its menu', async () => {
  const videoId = await upload(api, await media.mp4({ seconds: 3, width: 320, height: 180 }), { title: 'Once more' });
  await videoIn(api, videoId, 'ready');
  const current = () => api.getEncoding({ params: { videoId } });
  const first = await current();
  await page.goto(`${url}/watch/${videoId}`);
  await page.getByRole('button', { name: 'More actions' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Encode again' }).press('Enter');
  await page.getByText('Encoding again').first().waitFor();
  await eventually(
    async () => {
      const now = await current();
      return now.id !== first.id && now.state === 'ready';
    },
    { timeoutMs: 60_000, label: 'another encoding' },
  );
});

journey('pages are accessible, and fit a phone, light and dark', async () => {
  const [video] = (await api.listVideos({ query: { owner: 'me', status: 'ready' } })).items;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of [
      '/',
      '/upload',
      `/watch/${video?.id}`,
      `/videos/${video?.id}/analytics`,
      '/account',
      '/sign-in',
      '/sign-up',
    ]) {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 780 });
        await page.goto(`${url}${path}`);
        await page.getByRole('heading').first().waitFor();
        expect({
          path,
          width,
          overflow: await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth),
        }).toEqual({ path, width, overflow: false });
      }
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect({
        path,
        colorScheme,
        violations: violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`),
      }).toEqual({ path, colorScheme, violations: [] });
    }
  }
});

journey('somebody who is not signed in watches a public video', async () => {
  const id = await upload(api, await media.mp4({ seconds: 5 }), { title: 'For all', visibility: 'public' });
  await videoIn(api, id, 'ready');
  const other = await context.browser()?.newContext();
  const anonymous = await (other ?? context).newPage();
  await anonymous.goto(`${url}/watch/${id}`);
  await anonymous.locator('video').first().waitFor();
  await anonymous.getByRole('heading', { name: 'For all' }).first().waitFor();
  await anonymous.close();
});
