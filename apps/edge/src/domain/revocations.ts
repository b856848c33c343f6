import { fingerprintOf, issuedAtOf } from '@kinora/delivery';

/** What catalog tells: times in epoch milliseconds. */
export interface RevocationChange {
  readonly grants: readonly { readonly grantId: string; readonly expiresAt: number }[];
  /** All grants of the video that were issued until then. */
  readonly videos: readonly { readonly videoId: string; readonly issuedUntil: number; readonly expiresAt: number }[];
}

/** What is known of a grant that comes along: a path token tells its id, a CloudFront policy only its times. */
export interface Presented {
  readonly videoId: string;
  readonly grantId?: string;
  /** See `fingerprintOf`. */
  readonly fingerprint?: string;
  /** Epoch milliseconds; undefined if the spelling doesn't tell, which counts as long ago. */
  readonly issuedAt?: number;
}

/** The grants that were taken back and could still be valid. Only grows by what is told and shrinks by time. */
export class Revocations {
  /** By grant id and by fingerprint: when they may be forgotten. */
  private readonly grants = new Map<string, number>();
  private readonly videos = new Map<string, { issuedUntil: number; expiresAt: number }>();

  get size(): number {
    return this.grants.size + this.videos.size;
  }

  /** Adds what was told and forgets what has expired by itself. Returns the videos that are new. */
  apply(change: RevocationChange, now: number): string[] {
    for (const { grantId, expiresAt } of change.grants) {
      this.grants.set(grantId, expiresAt);
      this.grants.set(fingerprintOf(Math.floor(issuedAtOf(grantId) / 1000), Math.floor(expiresAt / 1000)), expiresAt);
    }
    const fresh = change.videos.filter(
      ({ videoId, issuedUntil }) => (this.videos.get(videoId)?.issuedUntil ?? -1) < issuedUntil,
    );
    for (const { videoId, issuedUntil, expiresAt } of fresh) this.videos.set(videoId, { issuedUntil, expiresAt });
    for (const [id, expiresAt] of this.grants) if (expiresAt <= now) this.grants.delete(id);
    for (const [id, { expiresAt }] of this.videos) if (expiresAt <= now) this.videos.delete(id);
    return fresh.map(({ videoId }) => videoId);
  }

  isRevoked({ videoId, grantId, fingerprint, issuedAt }: Presented): boolean {
    if (grantId !== undefined && this.grants.has(grantId)) return true;
    if (fingerprint !== undefined && this.grants.has(fingerprint)) return true;
    const video = this.videos.get(videoId);
    return video !== undefined && (issuedAt ?? 0) <= video.issuedUntil;
  }
}
