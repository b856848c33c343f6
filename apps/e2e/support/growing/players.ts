import { type Page } from 'playwright-core';

export type PlayerName = 'hls.js' | 'shaka-hls' | 'shaka-dash';

/** What is seen of a player from outside. */
export interface Seen {
  readonly time: number;
  readonly ended: boolean;
  readonly buffered: readonly (readonly [number, number])[];
  /** Codes of all but pauses for want of data, which a slow encode can't do without. */
  readonly errors: readonly string[];
}

interface Library {
  Hls: {
    new (): {
      on(event: string, told: (name: string, data: { details: string }) => void): void;
      loadSource(url: string): void;
      attachMedia(video: HTMLVideoElement): void;
    };
    Events: { ERROR: string };
  };
  shaka: {
    Player: new () => {
      attach(video: HTMLVideoElement): Promise<void>;
      addEventListener(name: 'error', told: (event: { detail: { code: number } }) => void): void;
      load(url: string): Promise<void>;
    };
  };
  errors: string[];
}

/** Loads a title into a player with its settings as they come, and plays it twice as fast as it is. */
export async function play(page: Page, url: string, name: PlayerName): Promise<void> {
  await page.goto(url);
  await page.addScriptTag({ url: name === 'hls.js' ? '/hls.js' : '/shaka.js' });
  await page.evaluate(async (player) => {
    const world = window as unknown as Library;
    const video = document.querySelector('video') as HTMLVideoElement;
    world.errors = [];
    if (player === 'hls.js') {
      const hls = new world.Hls();
      hls.on(world.Hls.Events.ERROR, (_, { details }) => {
        if (details !== 'bufferStalledError') world.errors.push(details);
      });
      hls.loadSource('/main.m3u8');
      hls.attachMedia(video);
    } else {
      const shaka = new world.shaka.Player();
      await shaka.attach(video);
      shaka.addEventListener('error', ({ detail }) => world.errors.push(String(detail.code)));
      await shaka.load(player === 'shaka-dash' ? '/manifest.mpd' : '/main.m3u8');
    }
    await video.play();
    video.playbackRate = 2;
  }, name);
}

export const look = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const { buffered, currentTime, ended } = video;
    const ranges = Array.from({ length: buffered.length }, (_, n) => [buffered.start(n), buffered.end(n)] as const);
    return { time: currentTime, ended, buffered: ranges, errors: (window as unknown as Library).errors };
  });

/** Seeks; resolves when the picture of that time is there. */
export const seek = (page: Page, to: number): Promise<void> =>
  page.evaluate(async (time) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const there = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
    video.currentTime = time;
    await there;
  }, to);
