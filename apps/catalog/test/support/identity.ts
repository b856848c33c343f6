import { type Principal, type Role, type Scope, newId } from '@kinora/contracts-common';
import { SERVICE_AUDIENCE, SERVICE_ISSUER } from '@kinora/service';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Identity extends AsyncDisposable {
  /** What a service needs in its environment to believe these tokens. */
  readonly env: Record<string, string>;
  /** An access token as Cognito makes them. */
  person(userId: string, ...roles: Role[]): Promise<string>;
  service(name: string): Promise<string>;
  /** An API key that the service will be told is this person's. */
  apiKey(userId: string, roles: Role[], scopes: Scope[]): string;
}

const POOL = 'us-east-1_test';
const CLIENT = 'test-client';

/** A server with freshly made keys that answers as the user pool and auth's internal API do: key sets, service tokens, API keys. */
export async function startIdentity(): Promise<Identity> {
  const people = await generateKeyPair('RS256', { extractable: true });
  const services = await generateKeyPair('ES256', { extractable: true });
  const jwk = async (pair: typeof people, alg: string) => ({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: alg, alg, use: 'sig' }],
  });
  const answers = new Map<string, unknown>([
    [`/${POOL}/.well-known/jwks.json`, await jwk(people, 'RS256')],
    ['/internal/v1/jwks.json', await jwk(services, 'ES256')],
    ['/internal/v1/ended-sessions', { cursor: '0', people: [] }],
  ]);
  const keys = new Map<string, Principal>();
  const service = (name: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'ES256' })
      .setIssuer(SERVICE_ISSUER)
      .setAudience(SERVICE_AUDIENCE)
      .setSubject(name)
      .setExpirationTime('1h')
      .sign(services.privateKey);

  const server = createServer((req, res) => {
    const reply = (status: number, body: unknown) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const known = answers.get((req.url ?? '').split('?')[0] ?? '');
    if (known) return void reply(200, known);
    let text = '';
    req.on('data', (chunk) => (text += String(chunk)));
    req.on('end', () => {
      const body = JSON.parse(text || '{}') as Record<string, string>;
      if (req.url === '/internal/v1/service-tokens')
        return void service(body['service'] ?? '').then((token) => reply(200, { token, expiresIn: 600 }));
      const principal = keys.get(body['secret'] ?? '');
      if (principal) reply(200, principal);
      else reply(401, { title: 'Unauthorized', status: 401, code: 'auth.api_key_refused' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    env: {
      KINORA_AUTH_URL: url,
      KINORA_SERVICE_SECRET: 'a secret of a service in a test',
      COGNITO_USER_POOL_ID: POOL,
      COGNITO_CLIENT_ID: CLIENT,
      COGNITO_ISSUER: `${url}/${POOL}`,
    },
    person: (userId, ...roles) =>
      new SignJWT({ token_use: 'access', client_id: CLIENT, 'cognito:groups': roles, jti: randomUUID() })
        .setProtectedHeader({ alg: 'RS256', kid: 'RS256' })
        .setIssuer(`${url}/${POOL}`)
        .setSubject(userId)
        .setExpirationTime('1h')
        .sign(people.privateKey),
    service,
    apiKey(userId, roles, scopes) {
      const secret = `knr_${randomUUID()}`;
      keys.set(secret, { kind: 'api-key', keyId: newId('key'), userId, roles, scopes });
      return secret;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
