import { decode, judgeDash, judgeHls, media } from '@kinora/testing';
import { type Api, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { upload } from '../support/upload';

const { url, email, password } = platform();
let api: Api;
beforeAll(async () => {
  ({ api } = await signIn(url, email, password));
});

interface Kind {
  readonly name: string;
  readonly file: () => Promise<string>;
  /** Heights of the rungs, largest first. */
  readonly rungs: readonly (readonly [number, number])[];
  readonly frames: number;
  readonly audio: number;
}

const kinds: Kind[] = [
  {
    name: 'H.264 and AAC in MP4',
    file: () => media.mp4({ seconds: 7, width: 1280, height: 720 }),
    rungs: [
      [1280, 720],
      [854, 480],
      [640, 360],
      [426, 240],
    ],
    frames: 210,
    audio: 1,
  },
  {
    name: 'PCM in MOV',
    file: () => media.movPcm({ width: 640, height: 360 }),
    rungs: [
      [640, 360],
      [426, 240],
    ],
    frames: 120,
    audio: 1,
  },
  {
    name: 'MPEG-2 without sound',
    file: () => media.mpeg2({ width: 640, height: 360 }),
    rungs: [
      [640, 360],
      [426, 240],
    ],
    frames: 100,
    audio: 0,
  },
  {
    name: 'WebM from a browser, without a duration',
    file: () => media.webmVp8({ width: 640, height: 360, live: true }),
    rungs: [
      [640, 360],
      [426, 240],
    ],
    frames: 120,
    audio: 1,
  },
  {
    name: 'a portrait',
    file: () => media.portrait({ width: 360, height: 640 }),
    rungs: [
      [360, 640],
      [240, 426],
    ],
    frames: 120,
    audio: 1,
  },
  {
    name: 'a phone’s video that lies on its side',
    file: () => media.rotated({ width: 640, height: 360 }),
    rungs: [
      [360, 640],
      [240, 426],
    ],
    frames: 120,
    audio: 1,
  },
  {
    name: 'a sound track without a sample',
    file: () => media.emptyAudioTrack(),
    rungs: [[320, 180]],
    frames: 120,
    // Silence, as long as the picture.
    audio: 1,
  },
  { name: 'two languages', file: () => media.twoAudioTracks(), rungs: [[320, 180]], frames: 120, audio: 2 },
];

describe.each(kinds)('$name', ({ file, rungs, frames, audio }) => {
  let videoId: string;

  it('becomes playable, then ready, with the ladder it deserves', async () => {
    videoId = await upload(api, await file(), { title: 'A title' });
    const early = await videoIn(api, videoId, 'playable', 'ready');
    expect(early.playableAt).not.toBeNull();
    const video = await videoIn(api, videoId, 'ready', 'failed');
    expect(video.error).toBeUndefined();
    expect(video).toMatchObject({ status: 'ready', progress: 1, title: 'A title' });
    expect(Math.abs((video.durationMs ?? 0) - (frames / (frames === 100 ? 25 : 30)) * 1000)).toBeLessThanOrEqual(100);
    const sizes = video.renditions.map((one) => [one.width, one.height]);
    expect(sizes).toHaveLength(rungs.length);
    // One pixel of rounding is a matter of taste.
    rungs.forEach(([width, height]) =>
      expect(sizes.some(([w, h]) => Math.abs((w ?? 0) - width) <= 2 && Math.abs((h ?? 0) - height) <= 2)).toBe(true),
    );
  });

  it('decodes from the first frame to the last in every rung, in HLS and in DASH', async () => {
    const playback = await api.createPlayback({ params: { videoId }, body: {} });
    const hls = await judgeHls(playback.hls).then((judged) => [...judged.rungs, ...judged.audio]);
    const dash = await judgeDash(playback.dash);
    for (const tracks of [hls, dash].map((all) => all.map(({ decoded }) => ({ decoded })))) {
      const video = tracks.filter(({ decoded }) => decoded.kind === 'video');
      expect(video).toHaveLength(rungs.length);
      expect(tracks.length - video.length).toBe(audio);
      for (const { decoded } of video) {
        expect(decoded.errors).toEqual([]);
        expect(Math.abs(decoded.frames - frames)).toBeLessThanOrEqual(1);
        expect(decoded.largestGapMs).toBeLessThan(45);
      }
      for (const { decoded } of tracks.filter((track) => track.decoded.kind === 'audio')) {
        expect(decoded.errors).toEqual([]);
        expect(Math.abs(decoded.endMs - (frames / (frames === 100 ? 25 : 30)) * 1000)).toBeLessThan(150);
      }
    }
  });

  it('has a poster and a storyboard', async () => {
    const { poster, storyboard } = await api.createPlayback({ params: { videoId }, body: {} });
    expect(await decode(poster ?? '')).toMatchObject({ kind: 'video', frames: 1 });
    const vtt = await fetch(storyboard ?? '').then((res) => res.text());
    expect(vtt).toMatch(/^WEBVTT/);
    const [, sprite] = /^(\S+)#xywh=\d+,\d+,\d+,\d+$/m.exec(vtt) ?? [];
    expect(await decode(new URL(sprite ?? '', storyboard ?? '').toString())).toMatchObject({ frames: 1 });
  });
});
