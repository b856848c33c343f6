import { type Role } from '@kinora/contracts-common';
import { SERVICE_AUDIENCE, SERVICE_ISSUER } from '@kinora/service';
import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Neighbours extends AsyncDisposable {
  readonly url: string;
  /** What catalog knows: video → owner. */
  readonly owners: Map<string, string>;
  personToken(userId: string, roles?: Role[]): Promise<string>;
  serviceToken(service: string): Promise<string>;
}

export const POOL_CLIENT = 'client';

/** What this service asks of auth, of Cognito's keys and of catalog, answered by their contracts. */
export async function startNeighbours(): Promise<Neighbours> {
  const people = await generateKeyPair('RS256');
  const services = await generateKeyPair('ES256');
  const asKeys = async (key: CryptoKey, kid: string): Promise<{ keys: JWK[] }> => ({
    keys: [{ ...(await exportJWK(key)), kid }],
  });
  const keySets = new Map([
    ['/.well-known/jwks.json', await asKeys(people.publicKey, 'people')],
    ['/internal/v1/jwks.json', await asKeys(services.publicKey, 'services')],
  ]);
  const owners = new Map<string, string>();
  const serviceToken = (service: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'services' })
      .setIssuer(SERVICE_ISSUER)
      .setAudience(SERVICE_AUDIENCE)
      .setSubject(service)
      .setExpirationTime('10m')
      .sign(services.privateKey);

  const answer = async (path: string): Promise<{ status: number; body: unknown }> => {
    const keys = keySets.get(path);
    if (keys) return { status: 200, body: keys };
    if (path === '/internal/v1/service-tokens')
      return { status: 200, body: { token: await serviceToken('transcode'), expiresIn: 600 } };
    const videoId = /^\/internal\/v1\/videos\/(vid_\w+)\/access$/.exec(path)?.[1] ?? '';
    const ownerId = owners.get(videoId);
    return ownerId === undefined
      ? { status: 404, body: { title: 'Not Found', status: 404, code: 'video.not_found' } }
      : { status: 200, body: { videoId, ownerId, visibility: 'private', status: 'processing', durationMs: null } };
  };
  const server = createServer((req, res) => {
    req.resume().on('end', () => {
      void answer(new URL(req.url ?? '/', 'http://x').pathname).then(({ status, body }) =>
        res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    owners,
    serviceToken,
    personToken: (userId, roles = ['creator']) =>
      new SignJWT({ token_use: 'access', client_id: POOL_CLIENT, 'cognito:groups': roles })
        .setProtectedHeader({ alg: 'RS256', kid: 'people' })
        .setIssuer(url)
        .setSubject(userId)
        .setExpirationTime('10m')
        .sign(people.privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
