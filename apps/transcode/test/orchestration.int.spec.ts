import {
  encodingFailed,
  encodingProgress,
  encodingStarted,
  videoPlayable,
  videoReady,
} from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { PermanentFailure } from '@kinora/jobs';
import { eventually, media } from '@kinora/testing';
import { type Platform, startPlatform } from './support/platform';
import { type Script, type ScriptedEncoder, startScriptedEncoder } from './support/scripted-encoder';

jest.setTimeout(120_000);

let platform: Platform;
let encoder: ScriptedEncoder | undefined;
const encodeWith = (script?: Script) => (encoder = startScriptedEncoder(platform, script));

beforeAll(async () => void (platform = await startPlatform()));
afterEach(async () => {
  await encoder?.close();
  encoder = undefined;
});
afterAll(() => platform[Symbol.asyncDispose]());

const text = async (key: string): Promise<string> => {
  const { body } = await platform.stores.distribution.get(key);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
};
const keysUnder = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of platform.stores.distribution.list(prefix)) keys.push(key);
  return keys;
};

describe('an encoding', () => {
  it('goes from upload to ready, is told in order and once each, and closes its manifests', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    encodeWith();
    const ready = await platform.until(videoReady, videoId);
    const { encodingId } = ready.data;
    const names = platform.seen.filter((one) => one.data.videoId === videoId && one.name !== encodingProgress.name);
    expect(names.map((one) => one.name)).toEqual([encodingStarted.name, videoPlayable.name, videoReady.name]);
    expect(ready.data).toMatchObject({ durationMs: 4000, width: 320, height: 180, poster: true, storyboard: true });
    const playlist = await text(layout.playlist(videoId, encodingId, 'v180'));
    expect(playlist).toContain('#EXT-X-ENDLIST');
    expect(await text(layout.hls(videoId, encodingId))).toMatch(/CODECS="avc1\.64001f,mp4a\.40\.2"/);
    expect(await text(layout.dash(videoId, encodingId))).toContain('type="static"');
    const client = await platform.owner();
    expect(await client.getEncoding({ params: { videoId } })).toMatchObject({
      state: 'ready',
      progress: 1,
      error: null,
    });
  });

  it('is one encoding, however often the upload is told', async () => {
    const ids = { eventId: 'evt_01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    const first = await platform.upload(await media.mp4(), ids);
    await platform.upload(await media.mp4(), first);
    await platform.upload(await media.mp4(), { ...first, ...ids });
    encodeWith();
    await platform.until(videoReady, first.videoId);
    expect(platform.told(encodingStarted, first.videoId)).toHaveLength(1);
    expect(encoder?.ran.filter((step) => step.kind === 'chunk' && step.videoId === first.videoId)).toHaveLength(1);
  });

  it('is playable with its first segments, grows, and lists contiguous segments only', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 10 }));
    const gate = Promise.withResolvers<void>();
    encodeWith(async (step) => {
      if (step.kind !== 'chunk') return;
      // The second is missing: the third must not be listed.
      await step.report([1], 0.2);
      await step.report([3], 0.5);
      await gate.promise;
    });
    const playable = await platform.until(videoPlayable, videoId);
    expect(platform.told(videoReady, videoId)).toHaveLength(0);
    const { encodingId } = playable.data;
    const open = await text(layout.playlist(videoId, encodingId, 'v180'));
    expect(open).toContain('v180/1.m4s');
    expect(open).not.toContain('v180/3.m4s');
    expect(open).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    expect(open).not.toContain('ENDLIST');
    expect(await text(layout.dash(videoId, encodingId))).toContain('type="dynamic"');
    const info = await platform.stores.distribution.head(layout.hls(videoId, encodingId));
    expect(info?.cacheControl).toBe('public, max-age=1');
    await eventually(() => platform.told(encodingProgress, videoId).some((one) => Number(one.data['progress']) > 0.5));
    const told = platform.told(encodingProgress, videoId).map((one) => Number(one.data['progress']));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    gate.resolve();
    await platform.until(videoReady, videoId);
    const closed = await text(layout.playlist(videoId, encodingId, 'v180'));
    expect(closed.match(/\.m4s/g)).toHaveLength(3);
    expect(closed).toContain('#EXT-X-ENDLIST');
  });

  it('is playable with its middle rung alone, and others join as they begin', async () => {
    const { videoId } = await platform.upload(await media.mp4({ seconds: 10, width: 1280, height: 720 }));
    const [join, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    encodeWith(async (step) => {
      if (step.kind !== 'chunk') return;
      await step.report([1, 2], 0.05, ['v480']);
      await join.promise;
      await step.report([1], 0.2);
      await gate.promise;
    });
    const { encodingId, renditions } = (await platform.until(videoPlayable, videoId)).data;
    expect(renditions).toMatchObject([{ id: 'v480' }]);
    const ladder = async () => (await text(layout.hls(videoId, encodingId))).match(/^v\d+\.m3u8$/gm);
    expect(await ladder()).toEqual(['v480.m3u8']);
    expect(await keysUnder(layout.encoding(videoId, encodingId))).not.toContain(
      layout.playlist(videoId, encodingId, 'v720'),
    );
    join.resolve();
    await eventually(async () => (await ladder())?.length === 4, { label: 'the whole ladder' });
    expect(await ladder()).toEqual(['v480.m3u8', 'v720.m3u8', 'v360.m3u8', 'v240.m3u8']);
    expect(await text(layout.playlist(videoId, encodingId, 'v480'))).toContain('v480/2.m4s');
    gate.resolve();
    await platform.until(videoReady, videoId);
    expect(platform.told(videoPlayable, videoId)).toHaveLength(1);
  });

  it('fails with the code of a failed chunk at once, and leaves nothing', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    encodeWith(async (step) => {
      if (step.kind !== 'chunk') return;
      throw new PermanentFailure('source.unreadable', 'The video is damaged.');
    });
    const failed = await platform.until(encodingFailed, videoId);
    expect(failed.data).toMatchObject({ code: 'source.unreadable', message: 'The video is damaged.' });
    await eventually(async () => (await keysUnder(layout.video(videoId))).length === 0);
    expect(platform.told(videoReady, videoId)).toHaveLength(0);
  });

  it('tells nobody about the inside when a job breaks', async () => {
    const { videoId } = await platform.upload(await media.silent());
    encodeWith(async (step) => {
      if (step.kind === 'chunk') throw new PermanentFailure('job.payload_invalid', '✖ secret detail at plan.rungs');
    });
    const failed = await platform.until(encodingFailed, videoId);
    expect(failed.data).toMatchObject({ code: 'encoding.internal' });
    expect(JSON.stringify(failed.data)).not.toContain('secret');
  });

  it('survives the storyboard’s failure, and waits for sound that is still at work', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    const storyboardFailed = Promise.withResolvers<void>();
    encodeWith(async (step) => {
      if (step.kind === 'storyboard') {
        storyboardFailed.resolve();
        throw new PermanentFailure('storyboard.broken', 'No tiles.');
      }
      if (step.kind === 'audio') {
        await storyboardFailed.promise;
        // The end of the graph has run by now, and must have gone back to waiting.
        await eventually(async () => (await platform.redis.zcard('bull:transcode:waiting-children')) > 0);
        await eventually(async () => (await platform.redis.llen('bull:transcode:active')) === 0);
      }
    });
    const ready = await platform.until(videoReady, videoId);
    expect(ready.data).toMatchObject({ storyboard: false, poster: true });
    expect(platform.told(encodingFailed, videoId)).toHaveLength(0);
  });

  it('survives the poster’s failure', async () => {
    const { videoId } = await platform.upload(await media.mp4());
    encodeWith(async (step) => {
      if (step.kind === 'poster') throw new PermanentFailure('poster.broken', 'No picture.');
    });
    expect((await platform.until(videoReady, videoId)).data).toMatchObject({ poster: false, storyboard: true });
  });

  it('is not ready when segments are missing although every job says it is done', async () => {
    const { videoId } = await platform.upload(await media.silent({ seconds: 16 }));
    // Three quarters of what the source declares is a source that was cut off.
    encodeWith(async (step) => {
      const numbers = step.numbers as number[];
      if (step.kind === 'chunk') numbers.splice(0, numbers.length, ...numbers.filter((number) => number <= 3));
    });
    expect((await platform.until(encodingFailed, videoId)).data).toMatchObject({ code: 'source.truncated' });
  });
});

describe('what can’t be a video', () => {
  it.each([
    ['source.not_media', () => media.text()],
    ['source.empty', () => media.empty()],
    ['source.no_video', () => media.soundOnly()],
    ['source.too_many_streams', () => media.manyAudioTracks()],
    ['source.truncated', () => media.truncated()],
    ['source.too_large', () => media.huge(9_000)],
  ])('is refused with %s', async (code, make) => {
    const { videoId } = await platform.upload(await make());
    const failed = await platform.until(encodingFailed, videoId);
    expect(failed.data).toMatchObject({ code, message: expect.stringMatching(/^[A-Z].+\.$/) });
    expect(platform.told(encodingStarted, videoId)).toHaveLength(0);
  });
});
