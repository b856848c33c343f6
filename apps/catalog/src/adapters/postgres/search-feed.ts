import { videoIndexDue } from '@kinora/contracts-catalog';
import { type Knex, type Outbox } from '@kinora/database';
import { type SearchDocument, type SearchTranscript } from '../../domain/ports/search-index';
import { putDocument, putTranscript, removeDocument } from './search/documents';

/** How a change of a video gets from its transaction into the search index. */
export interface SearchFeed {
  changed(trx: Knex.Transaction, document: SearchDocument): Promise<void>;
  spoken(trx: Knex.Transaction, transcript: SearchTranscript): Promise<void>;
  removed(trx: Knex.Transaction, videoId: string, revision: number): Promise<void>;
}

/** The index lies in the same database: it changes in the same transaction, so search never lags. */
export const inTransaction: SearchFeed = { changed: putDocument, spoken: putTranscript, removed: removeDocument };

/** The index lies elsewhere: the transaction leaves an event behind, and its consumer reads the row as it is by then. */
export const byEvent = (outbox: Outbox): SearchFeed => ({
  changed: async (trx, { videoId, revision }) => void (await outbox.publish(trx, videoIndexDue, { videoId, revision })),
  spoken: async (trx, { videoId, revision }) =>
    void (await outbox.publish(trx, videoIndexDue, { videoId, revision, passages: true })),
  removed: async (trx, videoId, revision) => void (await outbox.publish(trx, videoIndexDue, { videoId, revision })),
});
