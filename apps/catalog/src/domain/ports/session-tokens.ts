import { type SessionClaims } from '@kinora/contracts-analytics';

/** Tokens with which a player reports on its own session. */
export interface SessionTokens {
  sign(claims: SessionClaims): Promise<string>;
  /** The claims of a token that we signed and that has not been out of date for long; undefined for any other. */
  read(token: string): Promise<SessionClaims | undefined>;
  /** A stable name for a viewer that says nothing about them; at most 64 characters. */
  pseudonym(kind: 'account' | 'device', id: string): string;
}
