import { SessionId, UserId, VideoId } from '@kinora/contracts-common';
import { z } from 'zod';

/**
 * Claims of the session token: a JWT (HS256, key SESSION_TOKEN_KEY) that catalog signs with every grant and analytics verifies with
 * every beacon, so that nobody can report on a session that is not theirs.
 */
export const SessionClaims = z.object({
  sid: SessionId,
  vid: VideoId,
  /** Owner of the video: may read its numbers without asking catalog. */
  own: UserId,
  /** Duration of the video in milliseconds; null while it is still encoding. */
  dur: z.int().nonnegative().nullable(),
  /** Pseudonym of the viewer: hash of account or of the player's random id; absent when the viewer gave none. */
  vwr: z.string().max(64).optional(),
  /** How the viewer is known. */
  cls: z.enum(['account', 'device', 'none']),
  /** Seconds since the epoch: when the session began. Stays the same when the grant is renewed. */
  beg: z.int(),
  iat: z.int(),
  exp: z.int(),
});
export type SessionClaims = z.output<typeof SessionClaims>;
export const SESSION_TOKEN_AUDIENCE = 'kinora:beacons';
