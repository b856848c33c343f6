export interface StoredGrant {
  readonly id: string;
  readonly videoId: string;
  readonly sessionId: string;
  /** Who it was issued to; null for someone who isn't signed in. */
  readonly userId: string | null;
  readonly expiresAt: Date;
}

export interface Revocations {
  readonly cursor: string;
  readonly grants: readonly { readonly grantId: string; readonly expiresAt: Date }[];
  readonly videos: readonly { readonly videoId: string; readonly issuedUntil: Date; readonly expiresAt: Date }[];
}

export interface GrantStore {
  /** Keeps a grant. False when its video is gone by now. */
  insert(grant: StoredGrant): Promise<boolean>;
  /** Revokes one grant; doing it again changes nothing. False when the video has no such grant. */
  revoke(videoId: string, grantId: string): Promise<boolean>;
  /** The revocations of one grant, or with null those of all grants of the video, that could still matter; oldest first. */
  revocationsOf(videoId: string, grantId: string | null): Promise<Omit<Revocations, 'cursor'>>;
  /**
   * Revocations that could still matter, after a cursor when one is given. Never leaves out one that was committed before the call: they
   * get their numbers in the order of their commits. A cursor from another life of the database is answered with everything.
   */
  revocations(cursor: string | undefined): Promise<Revocations>;
}
