import { authInternalContract } from '@kinora/contracts-auth';
import { ApiProblem, DomainError, type Principal, Role, createClient, unauthenticated } from '@kinora/contracts-common';
import { createHash } from 'node:crypto';
import { isNativeError } from 'node:util/types';
import { type JWTPayload, type JWTVerifyGetKey, createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
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
  readonly local?: { serviceKeys: JWTVerifyGetKey; verifyApiKey(secret: string): Promise<Principal> };
}

export const cognitoIssuer = (s: AuthSettings): string =>
  s.COGNITO_ISSUER ?? `https://cognito-idp.${s.COGNITO_REGION}.amazonaws.com/${s.COGNITO_USER_POOL_ID}`;

const refused = (cause?: unknown) =>
  Object.assign(unauthenticated('The token is not valid, or has expired.'), { code: 'auth.token_invalid', cause });

/** jose's own words for a key set that answers otherwise than with 200 and JSON; `fetch` rejects with a TypeError. */
const isKeysOutage = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
  (isNativeError(error) && error.name === 'TypeError' && error.message === 'fetch failed');

/** A few seconds of difference between clocks are forgiven. */
const clockTolerance = 5;

export function createAuthenticator({ settings, tokens, local }: AuthenticatorOptions): Authenticator {
  const issuer = cognitoIssuer(settings);
  const people = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { cooldownDuration: 10_000 });
  const services =
    local?.serviceKeys ??
    createRemoteJWKSet(new URL(`${settings.KINORA_AUTH_URL}/internal/v1/jwks.json`), { cooldownDuration: 2_000 });
  const auth = createClient(authInternalContract, settings.KINORA_AUTH_URL, {
    timeoutMs: 5_000,
    headers: async () => ({ authorization: `Bearer ${(await tokens?.get()) ?? ''}` }),
  });
  // A signature is checked once per token; expiry is looked at on every use.
  const verified = new LRUCache<string, { principal: Principal; exp: number }>({ max: 5_000 });
  const keys = new LRUCache<string, Principal>({ max: 5_000, ttl: 15_000 });

  const asPerson = (claims: JWTPayload): Principal => {
    if (claims['token_use'] !== 'access' || claims['client_id'] !== settings.COGNITO_CLIENT_ID || !claims.sub)
      throw refused();
    const groups = Array.isArray(claims['cognito:groups']) ? claims['cognito:groups'] : [];
    const roles = groups.flatMap((group) => Role.safeParse(group).data ?? []);
    return { kind: 'user', userId: claims.sub, roles: roles.length > 0 ? roles : ['viewer'] };
  };

  const verify = async (token: string): Promise<{ principal: Principal; exp: number }> => {
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
    return { principal, exp: payload.exp ?? 0 };
  };

  const byToken = async (token: string): Promise<Principal> => {
    const id = createHash('sha256').update(token).digest('base64');
    const known = verified.get(id);
    if (known && known.exp + clockTolerance > Date.now() / 1000) return known.principal;
    verified.delete(id);
    try {
      const fresh = await verify(token);
      verified.set(id, fresh);
      return fresh.principal;
    } catch (error) {
      // Keys that could not be fetched are an outage, not a bad token.
      if (isKeysOutage(error))
        throw new DomainError(
          'unavailable',
          'service.unavailable',
          'Tokens can’t be checked at the moment. Try again shortly.',
          {
            cause: error,
          },
        );
      throw refused(error);
    }
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
