import { ApiProblem } from '@kinora/contracts-common';
import { eventually, media } from '@kinora/testing';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Api, clientOf, newPerson, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { begin, partOf, putPart, sha256, upload } from '../support/upload';

const { url, email, password } = platform();
let api: Api;
beforeAll(async () => {
  ({ api } = await signIn(url, email, password));
});

const problem = (work: Promise<unknown>): Promise<ApiProblem> =>
  work.then(
    () => Promise.reject(new Error('this should have been refused')),
    (error: unknown) => (error instanceof ApiProblem ? error : Promise.reject(error as Error)),
  );

describe('a file that can’t be published fails with a code and a sentence', () => {
  it.each([
    ['prose named .mp4', () => media.text(), /^source\.(not_media|unsupported_format|unreadable)$/],
    ['half of a video', () => media.truncated(), /^source\.truncated$/],
    ['sound only', () => media.soundOnly(), /^source\.no_video$/],
    ['300 audio tracks', () => media.manyAudioTracks(), /^source\.too_many_streams$/],
    ['a picture of 16000×16000', () => media.huge(), /^source\.too_large$/],
  ])('%s', async (_name, file, code) => {
    const video = await videoIn(api, await upload(api, await file()), 'failed', 'ready');
    expect(video.status).toBe('failed');
    expect(video.error?.code).toMatch(code);
    expect(video.error?.message).toMatch(/^[A-Z].*\.$/);
  });

  it('a playlist that points elsewhere, without a single request to that address', async () => {
    const asked: string[] = [];
    const canary = createServer((req, res) => (asked.push(req.url ?? ''), res.end()));
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/secret.ts`;
    const video = await videoIn(api, await upload(api, await media.playlist(address)), 'failed', 'ready');
    expect(video).toMatchObject({ status: 'failed', error: { code: expect.stringMatching(/^source\./) as string } });
    expect(asked).toEqual([]);
    await new Promise((resolve) => canary.close(resolve));
  });

  it('and the next video is not affected', async () => {
    expect((await videoIn(api, await upload(api, await media.mp4()), 'ready', 'failed')).status).toBe('ready');
  });
});

describe('an upload is refused', () => {
  it('when it is empty, when it is no video, or when it does not fit the schema', async () => {
    await expect(begin(api, await media.empty())).rejects.toMatchObject({ code: 'upload.empty' });
    await expect(
      api.createUpload({ body: { filename: 'a.exe', size: 10, contentType: 'application/x-msdownload' } }),
    ).rejects.toMatchObject({ code: 'upload.type_refused' });
    const refused = await problem(
      api.createUpload({ body: { filename: 'a.mp4', size: -1, contentType: 'video/mp4' } }),
    );
    expect([refused.status, refused.code, refused.problem?.errors?.[0]?.field]).toEqual([
      400,
      'request.invalid',
      'body.size',
    ]);
  });

  it('part by part: wrong checksum, changed address, wrong size', async () => {
    const begun = await begin(api, await media.mp4(), { checksum: 'sha256' });
    const right = sha256(partOf(begun, 1));
    expect((await putPart(api, begun, 1, { checksum: sha256(Buffer.from('else')) })).status).toBe(400);
    const { parts } = await api.signParts({
      params: { uploadId: begun.id },
      body: { partNumbers: [1], checksums: { 1: right } },
    });
    const signed = parts[0]?.url ?? '';
    const change = (from: RegExp, to: string) =>
      fetch(signed.replace(from, to), {
        method: 'PUT',
        body: new Uint8Array(partOf(begun, 1)),
        headers: parts[0]?.headers ?? {},
      });
    expect((await change(/part=1/, 'part=2')).status).toBe(403);
    expect((await change(/expires=\d+/, 'expires=9999999999')).status).toBe(403);
    expect(
      (await putPart(api, begun, 1, { checksum: right, body: Buffer.concat([partOf(begun, 1), Buffer.from('x')]) })).ok,
    ).toBe(false);
    expect((await putPart(api, begun, 1, { checksum: right })).status).toBe(200);
  });

  it('when parts are missing; what came is kept, and the upload can go on', async () => {
    const begun = await begin(api, await media.mp4());
    const missing = await problem(
      api.completeUpload({ params: { uploadId: begun.id }, body: { parts: [{ partNumber: 1, etag: 'none' }] } }),
    );
    expect(missing.code).toMatch(/^upload\.part_(missing|mismatch)$/);
    const put = await putPart(api, begun, 1);
    const parts = [{ partNumber: 1, etag: put.headers.get('etag') ?? '' }];
    expect((await api.getUpload({ params: { uploadId: begun.id } })).parts).toMatchObject([
      { partNumber: 1, size: begun.bytes.length },
    ]);
    const done = { params: { uploadId: begun.id }, body: { parts } };
    expect(await Promise.all([api.completeUpload(done), api.completeUpload(done)])).toEqual([
      { videoId: begun.videoId },
      { videoId: begun.videoId },
    ]);
    expect((await videoIn(api, begun.videoId, 'ready', 'failed')).status).toBe('ready');
  });
});

describe('a caller is refused', () => {
  it('without a token, with a bad one, and with a path that does not exist', async () => {
    expect(await problem(clientOf(url).getProfile({}))).toMatchObject({ status: 401, code: 'auth.required' });
    expect(await problem(clientOf(url, { authorization: 'Bearer a.b.c' }).getProfile({}))).toMatchObject({
      status: 401,
      code: 'auth.token_invalid',
    });
    expect((await fetch(`${url}/v1/nothing`)).status).toBe(404);
    // Internal paths are not routed at all.
    expect((await fetch(`${url}/internal/v1/jwks.json`)).status).toBe(404);
  });

  it('somebody else’s video does not exist', async () => {
    const videoId = await upload(api, await media.mp4(), { visibility: 'private' });
    const other = await newPerson(url, 'stranger');
    await videoIn(api, videoId, 'ready');
    for (const call of [
      other.api.getVideo({ params: { videoId } }),
      other.api.updateVideo({ params: { videoId }, body: { title: 'mine' } }),
      other.api.deleteVideo({ params: { videoId } }),
      other.api.createPlayback({ params: { videoId }, body: {} }),
      other.api.getVideoAnalytics({ params: { videoId }, query: {} }),
      other.api.getEncoding({ params: { videoId } }),
      clientOf(url).createPlayback({ params: { videoId }, body: {} }),
    ]) {
      expect((await problem(call)).status).toBe(404);
    }
    await api.updateVideo({ params: { videoId }, body: { visibility: 'public' } });
    expect((await clientOf(url).createPlayback({ params: { videoId }, body: {} })).hls).toContain('/t/');
    expect(
      await eventually(async () =>
        (await clientOf(url).listVideos({ query: {} })).items.some((video) => video.id === videoId),
      ),
    ).toBe(true);
  });
});
