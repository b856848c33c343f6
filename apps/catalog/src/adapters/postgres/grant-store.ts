import { type Database, type Knex } from '@kinora/database';
import { MAX_GRANT_SECONDS, issuedAtOf } from '@kinora/delivery';
import { type GrantStore, type Revocations } from '../../domain/ports/grant-store';
import { type RevocationFeed } from './revocation-feed';

/** Postgres: "foreign key violation". */
const isForeignKeyViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23503';

/**
 * Revocations get their numbers one after the other: whoever takes a number holds this lock until its commit, so that a reader who has seen
 * number 7 can't miss a number 6 that is committed later.
 */
const lockRevocations = (trx: Knex.Transaction) => trx.raw('select pg_advisory_xact_lock(?)', [4_817_302_552]);

/** Makes void what was issued for a video until now, also by a replica whose clock is ahead. The caller has locked the video. */
export async function revokeVideo(
  trx: Knex.Transaction,
  videoId: string,
  now: Date,
  feed: RevocationFeed,
): Promise<Date> {
  await lockRevocations(trx);
  const newest = await trx<{ id: string; video_id: string }>('grants')
    .max({ newest: 'id' })
    .where({ video_id: videoId })
    .first();
  const newestAt = newest?.newest === undefined || newest.newest === null ? 0 : issuedAtOf(String(newest.newest));
  const issuedUntil = new Date(Math.max(now.getTime(), newestAt));
  const expiresAt = new Date(issuedUntil.getTime() + MAX_GRANT_SECONDS * 1_000);
  await trx('revocations').insert({ video_id: videoId, issued_until: issuedUntil, expires_at: expiresAt });
  await feed.revoked(trx, videoId, null);
  return issuedUntil;
}

interface RevocationRow {
  seq: string;
  video_id: string;
  grant_id: string | null;
  issued_until: Date | null;
  expires_at: Date;
}

const toldOf = (rows: readonly RevocationRow[]): Omit<Revocations, 'cursor'> => ({
  grants: rows.flatMap((row) => (row.grant_id === null ? [] : [{ grantId: row.grant_id, expiresAt: row.expires_at }])),
  videos: rows.flatMap((row) =>
    row.issued_until === null
      ? []
      : [{ videoId: row.video_id, issuedUntil: row.issued_until, expiresAt: row.expires_at }],
  ),
});

export const createGrantStore = (db: Database, feed: RevocationFeed): GrantStore => ({
  async insert({ id, videoId, sessionId, userId, expiresAt }) {
    try {
      await db.writer('grants').insert({
        id,
        video_id: videoId,
        session_id: sessionId,
        user_id: userId,
        expires_at: expiresAt,
      });
      return true;
    } catch (error) {
      if (isForeignKeyViolation(error)) return false;
      throw error;
    }
  },

  revoke: (videoId, grantId) =>
    db.transaction(async (trx) => {
      await lockRevocations(trx);
      const grant = await trx<{ id: string; video_id: string; expires_at: Date; revoked_at: Date | null }>('grants')
        .select('expires_at', 'revoked_at')
        .where({ id: grantId, video_id: videoId })
        .first();
      if (!grant) return false;
      if (grant.revoked_at !== null) return true;
      await trx('grants').where({ id: grantId }).update({ revoked_at: trx.fn.now() });
      await trx('revocations').insert({ video_id: videoId, grant_id: grantId, expires_at: grant.expires_at });
      await feed.revoked(trx, videoId, grantId);
      return true;
    }),

  async revocationsOf(videoId, grantId) {
    const rows = await db
      .writer<RevocationRow>('revocations')
      .select('seq', 'video_id', 'grant_id', 'issued_until', 'expires_at')
      .where({ video_id: videoId, grant_id: grantId })
      .where('expires_at', '>', db.writer.fn.now())
      .orderBy('seq');
    return toldOf(rows);
  },

  // From the writer: a replica may not know the newest yet.
  async revocations(cursor) {
    const asked = /^\d{1,18}$/.test(cursor ?? '') ? BigInt(cursor ?? '') : 0n;
    const newest = await db.writer<{ seq: string }>('revocations').max({ newest: 'seq' }).first();
    const end = BigInt(String(newest?.newest ?? 0));
    const from = asked > end ? 0n : asked;
    const rows = await db
      .writer<RevocationRow>('revocations')
      .select('seq', 'video_id', 'grant_id', 'issued_until', 'expires_at')
      .where('seq', '>', from.toString())
      .where('expires_at', '>', db.writer.fn.now())
      .orderBy('seq');
    const last = rows.at(-1);
    return {
      // The rows may reach beyond what `newest` saw a moment before.
      cursor: last && BigInt(last.seq) > end ? last.seq : end.toString(),
      ...toldOf(rows),
    };
  },
});
