import { SESSION_TOKEN_AUDIENCE, SessionClaims } from '@kinora/contracts-analytics';
import { DomainError } from '@kinora/contracts-common';
import { errors, jwtVerify } from 'jose';
import { type Clock, type SessionTokens } from '../../domain/ports';

const invalid = (cause?: unknown) =>
  new DomainError('unauthenticated', 'session.invalid', 'The session token is not valid.', { cause });

/** Verifies the tokens that catalog signs (HS256 only). They may have been expired for as long as players may be late. */
export function createSessionTokens({
  key,
  graceSeconds,
  clock,
}: {
  key: string;
  graceSeconds: number;
  clock: Clock;
}): SessionTokens {
  const secret = new TextEncoder().encode(key);
  return {
    async verify(token) {
      const now = clock();
      try {
        const { payload } = await jwtVerify(token, secret, {
          algorithms: ['HS256'],
          audience: SESSION_TOKEN_AUDIENCE,
          requiredClaims: ['exp', 'iat'],
          clockTolerance: graceSeconds,
          currentDate: new Date(now),
        });
        const claims = SessionClaims.safeParse(payload);
        // A session can't begin in the future; two clocks may differ by a minute.
        if (!claims.success || claims.data.beg * 1000 > now + 60_000) throw invalid(claims.error);
        // A duration of nothing is one that is not known.
        return { ...claims.data, dur: claims.data.dur === 0 ? null : claims.data.dur };
      } catch (error) {
        if (error instanceof errors.JWTExpired)
          throw new DomainError('gone', 'session.ended', 'This session is over: stop reporting on it.');
        throw error instanceof DomainError ? error : invalid(error);
      }
    },
  };
}
