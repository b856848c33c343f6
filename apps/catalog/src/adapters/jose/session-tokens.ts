import { SESSION_TOKEN_AUDIENCE, SessionClaims } from '@kinora/contracts-analytics';
import { SignJWT, errors, jwtVerify } from 'jose';
import { createHmac, hkdfSync } from 'node:crypto';
import { type SessionTokens } from '../../domain/ports/session-tokens';

/** A laptop that was asleep goes on with its session; after a day it is a new one. */
const FORGIVEN_SECONDS = 86_400;

/** Session tokens as JWTs (HS256). */
export function createSessionTokens(secret: string): SessionTokens {
  const key = new TextEncoder().encode(secret);
  const viewers = Buffer.from(hkdfSync('sha256', secret, '', 'kinora viewer pseudonyms', 32));
  return {
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(SESSION_TOKEN_AUDIENCE)
        .sign(key),
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          audience: SESSION_TOKEN_AUDIENCE,
          clockTolerance: FORGIVEN_SECONDS,
        });
        return SessionClaims.safeParse(payload).data;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    pseudonym: (kind, id) => createHmac('sha256', viewers).update(`${kind}:${id}`).digest('base64url'),
  };
}
