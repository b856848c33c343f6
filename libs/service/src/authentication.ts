import { type EndedSessions, authInternalContract } from '@kinora/contracts-auth';
import { ApiProblem, DomainError, type Principal, Role, createClient, unauthenticated } from '@kinora/contracts-common';
import { createHash } from 'node:crypto';
import { isNativeError } from 'node:util/types';
import { type JWTPayload, type JWTVerifyGetKey, decodeJwt, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type TokenTimes, createEndedSessionList } from './ended-sessions';
import { createKeySet } from './key-set';
import { type ServiceTokens } from './service-tokens';

/** `iss` of the tokens that services show each other. */
export const SERVICE_ISSUER = 'kinora:auth';
/** `aud` of those tokens: every service of this platform. */
export const SERVICE_AUDIENCE = 'kinora:services';

export interface AuthSettings {
  readonly KINORA_AUTH_URL: string;
  readonly COGNITO_REGION: string;
  readonly COGNITO_USER_POOL_ID: string;
  readonly COGNITO_CLIENT_ID: string;
  readonly COGNITO_ENDPOINT?: string | undefined;
  readonly COGNITO_ISSUER?: string | undefined;
}

export interface Authenticator {
  /**
   * The principal behind a bearer token or an API key; undefined when there is neither.
   * @throws DomainError `auth.token_invalid` when a credential is there and refused.
   */
  identify(credentials: {
    authorization?: string | undefined;
    apiKey?: string | undefined;
  }): Promise<Principal | undefined>;
}

export interface AuthenticatorOptions {
  readonly settings: AuthSettings;
  /** Token with which to ask auth about API keys. */
  readonly tokens?: ServiceTokens;
  /** Keys and look-ups that auth itself has at hand. */
  readonly local?: {
    serviceKeys: JWTVerifyGetKey;
    verifyApiKey(secret: string): Promise<Principal>;
    endedSessions(cursor: string | undefined): Promise<EndedSessions>;
  };
}

export const cognitoIssuer = (s: AuthSettings): string =>
  s.COGNITO_ISSUER ?? `https://cognito-idp.${s.COGNITO_REGION}.amazonaws.com/${s.COGNITO_USER_POOL_ID}`;

/** The public keys of the user pool. A server that stands in for AWS serves them itself, even when it issues in AWS's name. */
export const cognitoKeys = (s: AuthSettings): JWTVerifyGetKey => {
  const pool =
    s.COGNITO_ENDPOINT === undefined
      ? cognitoIssuer(s)
      : new URL(s.COGNITO_USER_POOL_ID, `${s.COGNITO_ENDPOINT}/`).href;
  return createKeySet(new URL(`${pool}/.well-known/jwks.json`));
};

const refused = (cause?: unknown) =>
  Object.assign(unauthenticated('The token is not valid, or has expired.'), { code: 'auth.token_invalid', cause });

/** jose's own words for a key set that answers otherwise than with 200 and JSON; `fetch` rejects with a TypeError. */
const isKeysOutage = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
  (isNativeError(error) && error.name === 'TypeError' && error.message === 'fetch failed');

const uncheckable = (cause: unknown) =>
  new DomainError('unavailable', 'service.unavailable', 'Tokens can’t be checked at the moment. Try again shortly.', {
    cause,
  });

interface Verified extends TokenTimes {
  readonly principal: Principal;
  readonly exp: number;
}

/** A few seconds of difference between clocks are forgiven. */
const clockTolerance = 5;

export function createAuthenticator({ settings, tokens, local }: AuthenticatorOptions): Authenticator {
  const issuer = cognitoIssuer(settings);
  const people = cognitoKeys(settings);
  const services =
    local?.serviceKeys ??
    createKeySet(new URL(`${settings.KINORA_AUTH_URL}/internal/v1/jwks.json`), { cooldownMs: 2_000 });
  const auth = createClient(authInternalContract, settings.KINORA_AUTH_URL, {
    timeoutMs: 5_000,
    headers: async () => ({ authorization: `Bearer ${(await tokens?.get()) ?? ''}` }),
  });
  const ended = createEndedSessionList(
    local
      ? (cursor) => local.endedSessions(cursor)
      : (cursor) =>
          auth.listEndedSessions(
            { query: cursor === undefined ? {} : { cursor } },
            { signal: AbortSignal.timeout(2_000) },
          ),
  );
  // A signature is checked once per token (and again after a while: keys are withdrawn); expiry and endings are looked at on every use.
  const verified = new LRUCache<string, Verified>({ max: 5_000, ttl: 600_000 });
  const keys = new LRUCache<string, Principal>({ max: 5_000, ttl: 15_000 });

  const asPerson = (claims: JWTPayload): Principal => {
    if (claims['token_use'] !== 'access' || claims['client_id'] !== settings.COGNITO_CLIENT_ID || !claims.sub)
      throw refused();
    const groups = Array.isArray(claims['cognito:groups']) ? claims['cognito:groups'] : [];
    const roles = groups.flatMap((group) => Role.safeParse(group).data ?? []);
    return { kind: 'user', userId: claims.sub, roles: roles.length > 0 ? roles : ['viewer'] };
  };

  const verify = async (token: string): Promise<Verified> => {
    // The unverified issuer only chooses which keys and which one algorithm must fit.
    const fromService = decodeJwt(token).iss === SERVICE_ISSUER;
    const { payload } = fromService
      ? await jwtVerify(token, services, {
          issuer: SERVICE_ISSUER,
          audience: SERVICE_AUDIENCE,
          algorithms: ['ES256'],
          requiredClaims: ['exp', 'sub'],
          clockTolerance,
        })
      : await jwtVerify(token, people, {
          issuer,
          algorithms: ['RS256'],
          requiredClaims: ['exp', 'sub'],
          clockTolerance,
        });
    const principal: Principal = fromService ? { kind: 'service', service: payload.sub ?? '' } : asPerson(payload);
    const issuedAt = payload.iat ?? 0;
    return { principal, exp: payload.exp ?? 0, issuedAt, startedAt: Number(payload['auth_time'] ?? issuedAt) };
  };

  const genuine = async (token: string): Promise<Verified> => {
    const id = createHash('sha256').update(token).digest('base64');
    const known = verified.get(id);
    if (known && known.exp + clockTolerance > Date.now() / 1000) return known;
    verified.delete(id);
    try {
      const fresh = await verify(token);
      verified.set(id, fresh);
      return fresh;
    } catch (error) {
      // Keys that could not be fetched are an outage, not a bad token.
      if (isKeysOutage(error)) throw uncheckable(error);
      throw refused(error);
    }
  };

  const byToken = async (token: string): Promise<Principal> => {
    const { principal, ...times } = await genuine(token);
    if (principal.kind !== 'user') return principal;
    const isOver = await ended.covers(principal.userId, times).catch((error: unknown) => {
      throw uncheckable(error);
    });
    if (isOver) throw refused();
    return principal;
  };

  const byKey = async (secret: string): Promise<Principal> => {
    const id = createHash('sha256').update(secret).digest('base64');
    const known = keys.get(id);
    if (known) return known;
    try {
      const principal = local ? await local.verifyApiKey(secret) : await auth.verifyApiKey({ body: { secret } });
      keys.set(id, principal);
      return principal;
    } catch (error) {
      if ((error instanceof ApiProblem || error instanceof DomainError) && error.code === 'auth.api_key_refused')
        throw refused(error);
      throw error;
    }
  };

  return {
    async identify({ authorization, apiKey }) {
      if (authorization !== undefined) {
        const match = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization);
        if (!match?.[1] || authorization.length > 8_192) throw refused();
        return byToken(match[1]);
      }
      return apiKey === undefined ? undefined : byKey(apiKey.slice(0, 200));
    },
  };
}
