import { eventually, media } from '@kinora/testing';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Upload as TusUpload } from 'tus-js-client';
import { readFileSync } from 'node:fs';
import { type Api, clientOf, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { upload } from '../support/upload';

const { url, email, password, dataDir } = platform();
let api: Api;
let token: string;
let videoId: string;
beforeAll(async () => {
  ({ api, token } = await signIn(url, email, password));
  videoId = await upload(api, await media.mp4(), { title: 'Delivered' });
  await videoIn(api, videoId, 'ready');
});

it('cookies open what is closed without them', async () => {
  const res = await fetch(`${url}/v1/videos/${videoId}/playback`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { cookieHls, cookieDash } = (await res.json()) as { cookieHls: string; cookieDash: string };
  const cookie = res.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  for (const address of [cookieHls, cookieDash]) {
    expect((await fetch(address)).status).toBe(403);
    expect((await fetch(address, { headers: { cookie } })).status).toBe(200);
  }
  const another = cookieHls.replace(videoId, 'vid_01J00000000000000000000000');
  expect((await fetch(another, { headers: { cookie } })).status).toBe(403);
});

it('segments are cached for ever, ranges and conditions are understood', async () => {
  const { hls } = await api.createPlayback({ params: { videoId }, body: {} });
  const master = await fetch(hls);
  expect(master.headers.get('content-type')).toMatch(/mpegurl/);
  expect(master.headers.get('access-control-allow-origin')).not.toBeNull();
  const text = await master.text();
  const variant = text.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? '';
  const list = await fetch(new URL(variant, hls)).then((r) => r.text());
  const segment = new URL(list.split('\n').find((line) => line.endsWith('.m4s')) ?? '', new URL(variant, hls));
  const whole = await fetch(segment);
  expect(whole.headers.get('cache-control')).toMatch(/immutable/);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const part = await fetch(segment, { headers: { range: 'bytes=10-19' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${bytes.length}`]);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20));
  expect((await fetch(segment, { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } })).status).toBe(304);
  expect((await fetch(segment.toString().replace(/\/t\/[^/]+/, '/t/forged'))).status).toBe(403);
});

it('a revoked grant is refused within five seconds', async () => {
  const { hls, grantId } = await api.createPlayback({ params: { videoId }, body: {} });
  expect((await fetch(hls)).status).toBe(200);
  await api.revokeGrant({ params: { videoId, grantId } });
  await eventually(async () => (await fetch(hls)).status === 403, { timeoutMs: 5_000, label: '403 after revocation' });
  const fresh = await api.createPlayback({ params: { videoId }, body: {} });
  expect((await fetch(fresh.hls)).status).toBe(200);
});

it('tus brings a file in pieces, across an interruption', async () => {
  const file = readFileSync(await media.mp4({ seconds: 5 }));
  const endpoint = `${url}/v1/tus`;
  const headers = { authorization: `Bearer ${token}` };
  const metadata = { filename: 'tus.mp4', filetype: 'video/mp4', title: 'By tus' };
  const half = await new Promise<string>((resolve, reject) => {
    const attempt: TusUpload = new TusUpload(file, {
      endpoint,
      headers,
      metadata,
      chunkSize: 50_000,
      retryDelays: null,
      onError: reject,
      onChunkComplete: () => void attempt.abort().then(() => resolve(attempt.url ?? '')),
    });
    attempt.start();
  });
  await new Promise<void>((resolve, reject) => {
    new TusUpload(file, {
      uploadUrl: half,
      endpoint,
      headers,
      metadata,
      chunkSize: 200_000,
      retryDelays: [100],
      onError: reject,
      onSuccess: () => resolve(),
    }).start();
  });
  const video = await eventually(async () =>
    (await api.listVideos({ query: { owner: 'me' } })).items.find((one) => one.title === 'By tus'),
  );
  expect((await videoIn(api, video.id, 'ready', 'failed')).status).toBe('ready');
});

it('deleting leaves nothing behind', async () => {
  const id = await upload(api, await media.mp4(), { title: 'Soon gone' });
  await videoIn(api, id, 'ready');
  const { hls, sessionToken } = await api.createPlayback({ params: { videoId: id }, body: {} });
  await api.deleteVideo({ params: { videoId: id } });
  await expect(api.getVideo({ params: { videoId: id } })).rejects.toMatchObject({ status: 404 });
  await eventually(async () => (await fetch(hls)).status >= 403, { timeoutMs: 10_000 });
  const store = path.join(dataDir, 'store');
  const left = () =>
    existsSync(store)
      ? readdirSync(store, { recursive: true, withFileTypes: true }).filter(
          (entry) => entry.isFile() && path.join(entry.parentPath, entry.name).includes(id),
        )
      : [];
  await eventually(() => left().length === 0, { timeoutMs: 20_000, label: 'no object of the video' });
  const search = await api.search({ query: { q: 'Soon gone' } });
  expect(search.items.map((hit) => hit.video.id)).not.toContain(id);
  await eventually(
    async () => {
      const beacon = {
        sn: 0,
        ts: Date.now(),
        mono: 0,
        state: 'starting' as const,
        position: 0,
        attempted: true,
        playing: 0,
        stall: 0,
        stalls: 0,
        seek: 0,
        seeks: 0,
        pause: 0,
      };
      const status = await clientOf(url)
        .postBeacons({ body: { sessionToken, beacons: [beacon] } })
        .then(
          () => 202,
          (error: { status?: number }) => error.status,
        );
      return status === 410;
    },
    { timeoutMs: 10_000, label: '410 for beacons' },
  );
});
