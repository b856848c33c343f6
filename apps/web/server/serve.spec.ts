import { createBase, createApp } from '@kinora/service';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import request from 'supertest';
import { readConfig } from './config';
import { securityHeaders } from './headers';
import { serveSite } from './serve';
import { followSite, indexSite } from './site';

let root: string;
let app: ReturnType<typeof createApp>;
const script = 'console.log("kinora")\n'.repeat(100);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kinora-web-'));
  await mkdir(path.join(root, 'assets'));
  await writeFile(path.join(root, 'index.html'), '<!doctype html><title>Kinora</title>');
  await writeFile(path.join(root, 'theme.js'), '0');
  await writeFile(path.join(root, 'assets/index-Ab12_-cD.js'), script);
  await writeFile(path.join(root, 'assets/index-Ab12_-cD.js.br'), brotliCompressSync(script));
  const site = await followSite(root);
  app = createApp({
    ...createBase('web', 'silent'),
    raw: (express) => express.use(serveSite(site, securityHeaders(['https://cdn.test']))),
    routers: [],
  });
});
afterAll(() => rm(root, { recursive: true }));

test.each(['/', '/watch/vid_01', '/videos/vid_01/analytics', '/index.html'])(
  '%s is the page, asked for anew each time',
  async (url) => {
    const res = await request(app).get(url).expect(200);
    expect(res.text).toContain('<title>Kinora</title>');
    expect(res.headers['cache-control']).toBe('no-cache');
    expect(res.headers['content-security-policy']).toContain("script-src 'self';");
    expect(res.headers['content-security-policy']).toContain("connect-src 'self' https://cdn.test");
  },
);

test('hashed files are for ever, and compressed for who takes it', async () => {
  const plain = await request(app).get('/assets/index-Ab12_-cD.js').set('accept-encoding', 'identity').expect(200);
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(plain.text).toBe(script);
  const coded = await request(app).get('/assets/index-Ab12_-cD.js').set('accept-encoding', 'gzip, br').expect(200);
  expect(coded.headers['content-encoding']).toBe('br');
  expect(coded.headers['etag']).not.toBe(plain.headers['etag']);
  expect(coded.text).toBe(script);
  const refused = await request(app).get('/assets/index-Ab12_-cD.js').set('accept-encoding', 'br;q=0').expect(200);
  expect(refused.headers['content-encoding']).toBeUndefined();
});

test('a file without hash is checked each time, by its tag', async () => {
  const first = await request(app).get('/theme.js').expect(200);
  expect(first.headers['cache-control']).toBe('no-cache');
  await request(app).get('/theme.js').set('if-none-match', first.headers['etag']!).expect(304);
});

test.each([
  '/assets/gone-12345678.js',
  '/robots.txt',
  '/../package.json',
  '/%2e%2e/etc/passwd.txt',
  '/assets/index-Ab12_-cD.js.br',
])('%s is not there', async (url) => {
  await request(app).get(url).expect(404);
});

test('only reading is possible; health and metrics answer', async () => {
  await request(app).post('/').expect(404);
  await request(app).head('/').expect(200);
  await request(app).get('/healthz').expect(200);
  await request(app).get('/readyz').expect(200);
  expect((await request(app).get('/metrics').expect(200)).text).toContain('process_cpu');
});

test('a page that is built anew is served without a new start', async () => {
  await writeFile(path.join(root, 'assets/next-12345678.js'), '1');
  await request(app).get('/assets/next-12345678.js').expect(404);
  await writeFile(path.join(root, 'index.html'), '<!doctype html><title>Kinora</title><!-- new -->');
  await utimes(path.join(root, 'index.html'), new Date(), new Date(Date.now() + 5000));
  await request(app).get('/assets/next-12345678.js').expect(200);
});

test('a folder without a page is refused at start', async () => {
  await expect(indexSite(path.join(root, 'assets'))).rejects.toThrow('no built page');
});

test('origins are reduced to origins, and others refused', () => {
  expect(readConfig({ WEB_MEDIA_ORIGINS: 'https://a.test/path, http://b.test:9000' }).WEB_MEDIA_ORIGINS).toEqual([
    'https://a.test',
    'http://b.test:9000',
  ]);
  expect(() => readConfig({ WEB_MEDIA_ORIGINS: "'unsafe-inline'" })).toThrow('WEB_MEDIA_ORIGINS');
});
