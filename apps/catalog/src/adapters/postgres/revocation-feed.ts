import { grantsRevoked } from '@kinora/contracts-catalog';
import { type Knex, type Outbox } from '@kinora/database';

/** Who is told of a revocation in its transaction. `edge` asks by itself, so on a laptop that is nobody. */
export interface RevocationFeed {
  /** One grant, or with null all of the video. */
  revoked(trx: Knex.Transaction, videoId: string, grantId: string | null): Promise<void>;
}

export const toNobody: RevocationFeed = { revoked: async () => undefined };

/** CloudFront asks nobody: the transaction leaves an event behind, and its consumer writes what holds by then. */
export const toCloudFront = (outbox: Outbox): RevocationFeed => ({
  revoked: async (trx, videoId, grantId) => void (await outbox.publish(trx, grantsRevoked, { videoId, grantId })),
});
