import { authInternalContract } from '@kinora/contracts-auth';
import { catalogInternalContract } from '@kinora/contracts-catalog';
import { newId } from '@kinora/contracts-common';
import { type Grant, type GrantRequest, issueGrant, layout, parseGrantKeys, signingKey } from '@kinora/delivery';
import { createBase, listen } from '@kinora/service';
import { createStores } from '@kinora/storage';
import { eventually, freshDir } from '@kinora/testing';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type z } from 'zod';
import { compose } from '../src/composition';
import { readConfig } from '../src/config';

type Revoked = z.input<(typeof catalogInternalContract)['listRevocations']['success']['body']>;

/** Catalog and auth as edge sees them: two endpoints of their contracts. `revoked` is what catalog has to tell. */
async function startPeers() {
  const revoked: Omit<Revoked, 'cursor'> = { grants: [], videos: [] };
  const peers = { url: '', revoked, down: false, polls: 0 };
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0];
    const reply = (body: object): void =>
      void res.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (path === authInternalContract.issueServiceToken.path) return reply({ token: 'a-token', expiresIn: 600 });
    if (path !== catalogInternalContract.listRevocations.path || peers.down) return void res.writeHead(503).end();
    peers.polls += 1;
    reply({ cursor: 'c1', ...revoked });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peers.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(peers, {
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
}

const PUBLIC = 'https://kinora.test';

/**
 * Edge as composed in production, on a disk store and a free port. Its public URL is `https://kinora.test`. `later` is what
 * changes in its configuration while it runs, as rotated secrets do.
 */
export async function startEdge(env: Record<string, string> = {}, later?: () => Record<string, string>) {
  const peers = await startPeers();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grantKeysJson = JSON.stringify({ k1: Buffer.alloc(32, 'k').toString('base64') });
  const settings = {
    PORT: '0',
    LOG_LEVEL: 'silent',
    KINORA_PUBLIC_URL: PUBLIC,
    KINORA_AUTH_URL: peers.url,
    KINORA_CATALOG_URL: peers.url,
    KINORA_SERVICE_SECRET: 'a secret of the service edge',
    STORAGE_DRIVER: 'disk',
    STORAGE_DISK_ROOT: freshDir('edge'),
    STORAGE_SIGNING_KEY: 'a signing key for the stores of this test',
    GRANT_KEYS: grantKeysJson,
    CLOUDFRONT_KEYS: JSON.stringify({
      K1: { publicKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }), hash: ['SHA256'] },
    }),
    EDGE_REVOCATION_POLL_MS: '50',
    EDGE_CACHE_OBJECT_BYTES: '100000',
    ...env,
  };
  const config = readConfig(settings);
  const base = createBase('edge', 'silent');
  const reread = later && (async () => readConfig({ ...settings, ...later() }));
  const service = await listen(base, await compose(base, config, reread));
  const stores = createStores(config);
  const issuer = {
    publicUrl: PUBLIC,
    grantKeys: parseGrantKeys(grantKeysJson),
    signingKey: signingKey('K1', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };

  const edge = {
    stores,
    peers,
    issuer,
    url: service.url,
    /** Fetches a public URL from this edge. */
    get: (url: string, init?: RequestInit): Promise<Response> => fetch(service.url + url.replace(PUBLIC, ''), init),
    grant: (request: Partial<GrantRequest> & { videoId: string; encodingId: string }): Grant =>
      issueGrant(
        { grantId: newId('grt'), sessionId: newId('ses'), now: Date.now(), ttlSeconds: 3600, ...request },
        issuer,
      ),
    metric: async (name: string): Promise<string> =>
      (await (await fetch(`${service.url}/metrics`)).text())
        .split('\n')
        .filter((line) => line.startsWith(name))
        .join('\n'),
    close: async () => {
      await service.stop();
      await peers.close();
    },
  };
  await eventually(async () => (await fetch(`${service.url}/readyz`)).ok, { label: 'edge is ready' });
  return edge;
}
export type Edge = Awaited<ReturnType<typeof startEdge>>;

export const cookieHeader = (grant: Grant): string => grant.setCookie.map((line) => line.split(';')[0]).join('; ');

/** Puts a small video into the distribution store. */
export async function publish({ stores }: Edge, videoId = newId('vid'), encodingId = newId('enc')) {
  const put = (key: string, body: string | Buffer, contentType: string) =>
    stores.distribution.put(key, Buffer.from(body as string), { contentType });
  const keys = {
    main: layout.hls(videoId, encodingId),
    playlist: layout.playlist(videoId, encodingId, 'v720'),
    mpd: layout.dash(videoId, encodingId),
    init: layout.init(videoId, encodingId, 'v720'),
    segment: layout.segment(videoId, encodingId, 'v720', 1),
    large: layout.segment(videoId, encodingId, 'v720', 2),
    poster: layout.poster(videoId, encodingId),
    storyboard: layout.storyboard(videoId, encodingId),
  };
  await put(keys.main, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv720.m3u8\n', 'application/vnd.apple.mpegurl');
  await put(keys.playlist, '#EXTM3U\n#EXTINF:2,\nv720/1.m4s\n', 'application/vnd.apple.mpegurl');
  await put(keys.mpd, '<?xml version="1.0"?><MPD type="static"></MPD>', 'application/dash+xml');
  await put(keys.init, 'init', 'video/mp4');
  await put(keys.segment, 'segment one', 'video/iso.segment');
  await put(keys.large, Buffer.alloc(300_000, 'large'), 'video/iso.segment');
  await put(keys.poster, 'poster', 'image/jpeg');
  await put(keys.storyboard, 'WEBVTT\n', 'text/vtt; charset=utf-8');
  return { videoId, encodingId, keys };
}
