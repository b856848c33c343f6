import { DomainError, Role } from '@kinora/contracts-common';
import { type Authenticator, type Metrics, timed } from '@kinora/service';
import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Account } from '../../domain/identity-provider';
import { type HostedPages } from '../../domain/hosted-sign-in';
import { issued } from './cognito-answers';

export interface CognitoHostedOptions {
  /** Of the pool's domain, without a slash at its end. */
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
  /** Checks access tokens as every service does. */
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
}

/** The last scope lets people manage their own second step and sign out everywhere, as after a sign-in by password. */
const SCOPE = 'openid email profile aws.cognito.signin.user.admin';

const Redeemed = z.object({
  id_token: z.string(),
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
});
const Identity = z.object({
  sub: z.string(),
  token_use: z.literal('id'),
  nonce: z.string(),
  email: z.string().optional(),
  name: z.string().optional(),
  'cognito:groups': z.array(z.string()).default([]),
});

const refused = (cause: unknown) =>
  new DomainError('unauthenticated', 'auth.sso_refused', 'Signing in did not succeed. Try again.', { cause });

const unavailable = (cause: unknown) =>
  new DomainError('unavailable', 'service.unavailable', 'Signing in is not available at the moment.', { cause });

/** A user pool's own pages, `/oauth2/authorize` and `/oauth2/token`. */
export function createCognitoHosted(options: CognitoHostedOptions): HostedPages {
  const { domain, clientId, clientSecret, redirectUri, issuer, keys, authenticator, metrics } = options;

  const exchange = async (code: string, verifier: string) => {
    const answer = await fetch(`${domain}/oauth2/token`, {
      method: 'POST',
      redirect: 'error',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(clientSecret !== undefined && {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        }),
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code,
        code_verifier: verifier,
      }),
      signal: AbortSignal.timeout(5_000),
    }).catch((error: unknown) => {
      throw unavailable(error);
    });
    if (answer.status >= 500 || answer.status === 429) throw unavailable(answer.status);
    const text = await answer.text();
    if (!answer.ok) throw refused(new Error(`the token endpoint answered ${answer.status}: ${text.slice(0, 200)}`));
    return Redeemed.parse(JSON.parse(text));
  };

  /** Who the id token says is there, once its signature, issuer, audience, use and nonce have been checked. */
  const identify = async (idToken: string, nonce: string) => {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer,
      audience: clientId,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: 5,
    });
    const identity = Identity.parse(payload);
    if (identity.nonce !== nonce) throw new Error('the id token is of another sign-in');
    return identity;
  };

  return {
    address({ state, nonce, codeChallenge }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${domain}/oauth2/authorize?${query.toString()}`;
    },
    async redeem(code, { verifier, nonce }) {
      try {
        const redeemed = await timed(metrics, 'cognito', 'oauth2/token', () => exchange(code, verifier));
        const identity = await identify(redeemed.id_token, nonce);
        const caller = await authenticator.identify({ authorization: `Bearer ${redeemed.access_token}` });
        if (caller?.kind !== 'user' || caller.userId !== identity.sub) throw new Error('the tokens are of two people');
        const tokens = issued({ AccessToken: redeemed.access_token, ExpiresIn: redeemed.expires_in });
        const account: Account = {
          userId: identity.sub,
          email: identity.email?.toLowerCase() ?? '',
          displayName: identity.name?.trim().slice(0, 80) || undefined,
          enabled: true,
          roles: identity['cognito:groups'].flatMap((group) => Role.safeParse(group).data ?? []),
        };
        return { tokens: { ...tokens, refreshToken: redeemed.refresh_token }, account };
      } catch (error) {
        throw error instanceof DomainError && error.code === 'service.unavailable' ? error : refused(error);
      }
    },
  };
}
