import { authInternalContract } from '@kinora/contracts-auth';
import { catalogInternalContract } from '@kinora/contracts-catalog';
import { notFound } from '@kinora/contracts-common';
import { type Base, createApp, createBase, listen, mount } from '@kinora/service';
import { Router } from 'express';
import { type CryptoKey, SignJWT, exportJWK, generateKeyPair } from 'jose';

export const CLIENT_ID = 'client';
/** Owner of every video that these neighbours know of. */
export const OWNER = 'owner-sub';

export interface Neighbours extends AsyncDisposable {
  readonly url: string;
  /** Videos that there are. */
  readonly videos: Set<string>;
  /** An access token as the user pool issues it. */
  personToken(userId: string, options?: { groups?: string[]; expiresIn?: number }): Promise<string>;
}

const sign = (key: CryptoKey, alg: string, claims: Record<string, unknown>, seconds = 600) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg, kid: alg })
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(key);

/**
 * What analytics meets of auth, of the user pool and of catalog, at their contracts: those services are other projects' and are met for
 * real in the journeys of apps/e2e.
 */
export async function startNeighbours(): Promise<Neighbours> {
  const people = await generateKeyPair('RS256');
  const services = await generateKeyPair('ES256');
  const jwk = async (alg: string, key: CryptoKey) => ({ ...(await exportJWK(key)), alg, kid: alg, use: 'sig' });
  const personKey = await jwk('RS256', people.publicKey);
  const serviceKey = await jwk('ES256', services.publicKey);
  const videos = new Set<string>();
  const base: Base = createBase('neighbours', 'silent');
  const router = Router();
  const authenticator = { identify: () => Promise.resolve({ kind: 'service' as const, service: 'analytics' }) };
  router.get('/pool/.well-known/jwks.json', (_req, res) => void res.json({ keys: [personKey] }));
  mount(router, authInternalContract.serviceKeys, { authenticator }, async () => ({ keys: [serviceKey] }));
  mount(router, authInternalContract.issueServiceToken, { authenticator }, async ({ body: { service } }) => ({
    token: await sign(services.privateKey, 'ES256', { iss: 'kinora:auth', aud: 'kinora:services', sub: service }),
    expiresIn: 600,
  }));
  mount(router, catalogInternalContract.authorise, { authenticator }, async ({ params: { videoId } }) => {
    if (!videos.has(videoId)) throw notFound('video.not_found', 'There is no such video.');
    return { videoId, ownerId: OWNER, visibility: 'public' as const, status: 'ready' as const, durationMs: 100_000 };
  });
  const app = createApp({ ...base, routers: [router] });
  const { url, stop } = await listen(base, { app, port: 0, host: '127.0.0.1' });
  return {
    url,
    videos,
    personToken: (sub, { groups = [], expiresIn } = {}) =>
      sign(
        people.privateKey,
        'RS256',
        {
          ...{ iss: `${url}/pool`, sub, token_use: 'access', client_id: CLIENT_ID },
          'cognito:groups': groups,
        },
        expiresIn,
      ),
    [Symbol.asyncDispose]: stop,
  };
}
