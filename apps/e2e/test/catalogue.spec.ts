import { type ApiProblem } from '@kinora/contracts-common';
import { eventually, media } from '@kinora/testing';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { type Api, clientOf, newPerson, signIn, videoIn } from '../support/client';
import { platform } from '../support/platform';
import { upload } from '../support/upload';

const { url, email, password } = platform();
let api: Api;
beforeAll(async () => {
  ({ api } = await signIn(url, email, password));
});

it('a newcomer signs up with the code from the mailbox, uploads, and signs out', async () => {
  const person = await newPerson(url, 'newcomer');
  expect(await person.api.getProfile({})).toMatchObject({
    email: person.email,
    displayName: 'newcomer',
    roles: ['creator'],
  });
  const id = await upload(person.api, await media.mp4());
  expect((await videoIn(person.api, id, 'ready', 'failed')).status).toBe('ready');
  const tokens = await clientOf(url).signIn({ body: { email: person.email, password: person.password } });
  const renewed = await clientOf(url).refresh({ body: { refreshToken: tokens.refreshToken } });
  expect(renewed.accessToken).not.toBe('');
  await clientOf(url).signOut({ body: { refreshToken: tokens.refreshToken } });
  await expect(clientOf(url).refresh({ body: { refreshToken: tokens.refreshToken } })).rejects.toMatchObject({
    status: 401,
  });
});

it('an API key does what its scopes say, until it is revoked', async () => {
  const key = await api.createApiKey({ body: { name: 'reader', scopes: ['videos:read'] } });
  const withKey = clientOf(url, { 'x-api-key': key.secret });
  expect((await withKey.listVideos({ query: {} })).items).toBeDefined();
  await expect(
    withKey.createUpload({ body: { filename: 'a.mp4', size: 10, contentType: 'video/mp4' } }),
  ).rejects.toMatchObject({ status: 403 });
  await api.deleteApiKey({ params: { keyId: key.id } });
  await eventually(
    async () =>
      (await withKey.listVideos({ query: { owner: 'me' } }).then(
        () => 200,
        (e: ApiProblem) => e.status,
      )) === 401,
    { timeoutMs: 30_000, label: 'the key refused' },
  );
}, 60_000);

it('search finds by beginnings and in spite of typing errors, and only what one may see', async () => {
  const word = `Quetzal${Date.now()}`;
  const id = await upload(api, await media.mp4(), { title: `${word} in the rainforest`, visibility: 'private' });
  await api.updateVideo({ params: { videoId: id }, body: { tags: ['birds'] } });
  const found = (q: string, who = api) =>
    who.search({ query: { q } }).then(({ items }) => items.map((hit) => hit.video.id));
  await eventually(async () => (await found(word.slice(0, 9))).includes(id));
  await eventually(async () => (await found('rainforrest')).includes(id));
  expect(await found(word, clientOf(url))).toEqual([]);
  expect((await api.search({ query: { q: word, tag: 'birds' } })).facets.tags).toContainEqual({
    value: 'birds',
    count: 1,
  });
  expect((await api.suggest({ query: { q: word.slice(0, 8) } })).items.map((item) => item.text)).toContain(
    `${word} in the rainforest`,
  );
});

it('a webhook hears of a video, signed, and again when it was deaf the first time', async () => {
  const heard: { type: string; videoId: string }[] = [];
  let secret = '';
  let deaf = 1;
  const receiver = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      if (deaf-- > 0) return res.writeHead(500).end();
      const message = new Webhook(secret).verify(body, req.headers as Record<string, string>) as {
        type: string;
        data: { videoId?: string; id?: string };
      };
      heard.push({ type: message.type, videoId: message.data.videoId ?? message.data.id ?? '' });
      return res.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const hook = await api.createWebhook({
    body: {
      url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
      events: ['video.playable', 'video.ready'],
    },
  });
  secret = hook.secret;
  const id = await upload(api, await media.mp4());
  await eventually(
    () =>
      ['video.playable', 'video.ready'].every((type) => heard.some((one) => one.type === type && one.videoId === id)),
    { timeoutMs: 90_000, label: 'both events' },
  );
  // The log is written after the receiver has answered.
  await eventually(async () => {
    const { items } = await api.listDeliveries({ params: { webhookId: hook.id }, query: {} });
    return items.some((delivery) => delivery.attempts > 1 && delivery.state === 'delivered');
  });
  await api.deleteWebhook({ params: { webhookId: hook.id } });
  await new Promise((resolve) => receiver.close(resolve));
});

it('an upload with the same Idempotency-Key is the same upload', async () => {
  const headers = { 'idempotency-key': `key-${Date.now()}` };
  const body = { filename: 'a.mp4', size: 1000, contentType: 'video/mp4' };
  const [first, second] = [
    await api.createUpload({ body }, { headers }),
    await api.createUpload({ body }, { headers }),
  ];
  expect(second.id).toBe(first.id);
  await api.abortUpload({ params: { uploadId: first.id } });
});

it('one reference describes every public call', async () => {
  const html = await fetch(`${url}/docs`).then((res) => res.text());
  expect(html).toMatch(/swagger|reference/i);
  const document = (await fetch(`${url}/docs/openapi.json`).then((res) => res.json())) as {
    openapi: string;
    paths: Record<string, unknown>;
  };
  expect(document.openapi).toMatch(/^3\.1/);
  for (const path of [
    '/v1/auth/sign-in',
    '/v1/uploads',
    '/v1/videos/{videoId}',
    '/v1/search',
    '/v1/beacons',
    '/v1/webhooks',
  ])
    expect(document.paths).toHaveProperty([path]);
  expect(Object.keys(document.paths).filter((path) => path.startsWith('/internal'))).toEqual([]);
});
