import { SignJWT, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { TOTP } from 'otpauth';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** An answer of AWS that is no success: `__type` and `message` as the API reference lists them for the operation. */
export class AwsError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface RecordedUser {
  /** The sub for people of the pool itself, `Provider_name` for those who come from another provider. */
  readonly username: string;
  readonly sub: string;
  readonly email: string;
  readonly name: string | undefined;
  password: string | undefined;
  status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'EXTERNAL_PROVIDER';
  enabled: boolean;
  code: string | undefined;
  readonly groups: Set<string>;
  pendingSecret: string | undefined;
  secret: string | undefined;
  mfa: boolean;
  /** Time steps whose code was used: Cognito takes each code once. */
  readonly usedSteps: Set<number>;
}

interface Origin {
  readonly username: string;
  readonly jti: string;
  readonly authTime: number;
  readonly scope: string;
  revoked: boolean;
}

const ADMIN_SCOPE = 'aws.cognito.signin.user.admin';
const now = (): number => Math.floor(Date.now() / 1_000);

export type RecordedPool = Awaited<ReturnType<typeof createRecordedPool>>;

/** What a user pool keeps: people, keys, and which tokens it has issued. */
export async function createRecordedPool(issuerOf: (poolId: string) => string, clientSecret: string | undefined) {
  const poolId = `us-east-1_${randomBytes(5).toString('hex')}`;
  const clientId = randomBytes(13).toString('hex');
  const users = new Map<string, RecordedUser>();
  const groups = new Set<string>();
  const origins = new Map<string, Origin>();
  const keys: { kid: string; privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey']; jwk: object }[] =
    [];

  const rotate = async (): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = randomBytes(32).toString('base64');
    keys.unshift({ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } });
    // Two keys are served, the older one for tokens that are still out there.
    keys.splice(2);
    return kid;
  };
  await rotate();

  const sign = (claims: Record<string, unknown>): Promise<string> => {
    const [key] = keys;
    return new SignJWT(claims).setProtectedHeader({ kid: key!.kid, alg: 'RS256' }).sign(key!.privateKey);
  };

  // Developer guide, "Understanding the access token" and "Understanding the identity (ID) token".
  const mint = async (user: RecordedUser, origin: Origin, nonce?: string) => {
    const shared = {
      sub: user.sub,
      ...(user.groups.size > 0 && { 'cognito:groups': [...user.groups] }),
      iss: issuerOf(poolId),
      origin_jti: origin.jti,
      event_id: randomUUID(),
      auth_time: origin.authTime,
      iat: now(),
      exp: now() + 3_600,
    };
    return {
      access: await sign({
        ...shared,
        client_id: clientId,
        token_use: 'access',
        scope: origin.scope,
        jti: randomUUID(),
        username: user.username,
        version: 2,
      }),
      id: await sign({
        ...shared,
        aud: clientId,
        token_use: 'id',
        jti: randomUUID(),
        'cognito:username': user.username,
        email: user.email,
        email_verified: true,
        ...(user.name !== undefined && { name: user.name }),
        ...(nonce !== undefined && { nonce }),
      }),
    };
  };

  const find = (username: string): RecordedUser | undefined =>
    users.get(username) ??
    [...users.values()].find((one) => one.status !== 'EXTERNAL_PROVIDER' && one.email === username);

  /** The right code once: a second use of it is an `ExpiredCodeException` with this sentence. */
  const useCode = (user: RecordedUser, secret: string, code: string): boolean => {
    const delta = new TOTP({ secret }).validate({ token: code, window: 1 });
    if (delta === null) return false;
    const step = Math.floor(Date.now() / 30_000) + delta;
    if (user.usedSteps.has(step))
      throw new AwsError('ExpiredCodeException', 'Your software token has already been used once.');
    user.usedSteps.add(step);
    return true;
  };

  return {
    poolId,
    clientId,
    clientSecret,
    users,
    groups,
    rotate,
    sign,
    find,
    useCode,
    jwks: () => ({ keys: keys.map(({ jwk }) => jwk) }),
    add(email: string, given: Partial<RecordedUser> = {}): RecordedUser {
      const sub = randomUUID();
      const user: RecordedUser = {
        username: sub,
        sub,
        email,
        name: undefined,
        password: undefined,
        status: 'UNCONFIRMED',
        enabled: true,
        code: String(randomBytes(3).readUIntBE(0, 3) % 1_000_000).padStart(6, '0'),
        groups: new Set(),
        pendingSecret: undefined,
        secret: undefined,
        mfa: false,
        usedSteps: new Set(),
        ...given,
      };
      users.set(user.username, user);
      return user;
    },
    /** Tokens of a new session. Refresh tokens are opaque to clients: five parts, of which none can be read. */
    async begin(user: RecordedUser, scope = ADMIN_SCOPE, nonce?: string) {
      const origin: Origin = { username: user.username, jti: randomUUID(), authTime: now(), scope, revoked: false };
      const refresh = Array.from({ length: 5 }, () => randomBytes(24).toString('base64url')).join('.');
      origins.set(refresh, origin);
      return { ...(await mint(user, origin, nonce)), refresh };
    },
    async refresh(token: string) {
      const origin = origins.get(token);
      const user = origin && users.get(origin.username);
      if (!origin || !user) throw new AwsError('NotAuthorizedException', 'Invalid Refresh Token');
      if (origin.revoked) throw new AwsError('NotAuthorizedException', 'Refresh Token has been revoked');
      if (!user.enabled) throw new AwsError('NotAuthorizedException', 'User is disabled.');
      return mint(user, origin);
    },
    revoke(token: string): void {
      const origin = origins.get(token);
      if (origin) origin.revoked = true;
    },
    revokeAll(username: string): void {
      for (const origin of origins.values()) if (origin.username === username) origin.revoked = true;
    },
    /** The person of an access token that Cognito itself still takes: it looks at revocation, unlike those who check signatures only. */
    async byAccessToken(token: string | undefined): Promise<RecordedUser> {
      const [, payload = ''] = (token ?? '').split('.');
      const { origin_jti: jti } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as {
        origin_jti?: string;
      };
      const origin = [...origins.values()].find((one) => one.jti === jti);
      const key = keys.find(({ kid }) =>
        Buffer.from(token?.split('.')[0] ?? '', 'base64url')
          .toString()
          .includes(kid),
      );
      const user = origin && users.get(origin.username);
      if (!origin || !user || !key) throw new AwsError('NotAuthorizedException', 'Invalid Access Token');
      await jwtVerify(token ?? '', { ...key.jwk, kty: 'RSA' }, { issuer: issuerOf(poolId) }).catch(() => {
        throw new AwsError('NotAuthorizedException', 'Invalid Access Token');
      });
      if (origin.revoked) throw new AwsError('NotAuthorizedException', 'Access Token has been revoked');
      if (!origin.scope.split(' ').includes(ADMIN_SCOPE))
        throw new AwsError('NotAuthorizedException', 'Access Token does not have required scopes');
      return user;
    },
    /** Developer guide, "Computing secret hash values". */
    checkClient(id: unknown, username: string, hash: unknown): void {
      if (id !== clientId)
        throw new AwsError('ResourceNotFoundException', `User pool client ${String(id)} does not exist.`);
      if (clientSecret === undefined) return;
      const expected = createHmac('sha256', clientSecret).update(`${username}${clientId}`).digest('base64');
      if (hash === undefined)
        throw new AwsError(
          'NotAuthorizedException',
          `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
        );
      if (hash !== expected)
        throw new AwsError('NotAuthorizedException', `SecretHash does not match for the client: ${clientId}`);
    },
  };
}
