import { type Database, type Outbox } from '@kinora/database';
import { type EventHandler } from '@kinora/jobs';
import { type Base, type Logger } from '@kinora/service';
import { connect } from './adapters/opensearch/client';
import { NEXT } from './adapters/opensearch/definition';
import { createGuard } from './adapters/opensearch/guard';
import { startKeeper } from './adapters/opensearch/keeper';
import { createOpenSearch } from './adapters/opensearch/open-search';
import { rebuild } from './adapters/opensearch/rebuild';
import { createOpenSearchWriter } from './adapters/opensearch/writer';
import { type SearchFeed, byEvent, inTransaction } from './adapters/postgres/search-feed';
import { createSearchSource } from './adapters/postgres/search-source';
import { exclusively } from './adapters/postgres/search/exclusively';
import { createPostgresSearch } from './adapters/postgres/search/postgres-search';
import { refreshDocuments } from './adapters/postgres/search/refresh';
import { type CatalogConfig } from './config';
import { type SearchIndex } from './domain/ports/search-index';
import { onVideoIndexDue } from './workers/video-index-due';

export interface SearchParts {
  readonly index: SearchIndex;
  readonly feed: SearchFeed;
  readonly events: readonly EventHandler[];
  /** Looks after the index in the background; what it returns ends that. */
  start(): { close(): Promise<void> };
  /** Builds the whole index anew, after whoever else is at it. @returns how many videos are in it */
  reindex(signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

export type SearchConfig = Pick<CatalogConfig, 'openSearch' | 'OPENSEARCH_TIMEOUT_MS'>;

/** Answers of one search may be worth waiting for, those of a background's batch a little longer. */
const WRITE_TIMEOUT_MS = 15_000;
const BUILD_ATTEMPTS = 60;

/** Search in OpenSearch when there is one, in Postgres otherwise. Asks neither anything yet: catalog starts without OpenSearch. */
export const composeSearch = (config: SearchConfig, db: Database, outbox: Outbox, base: Base): Promise<SearchParts> =>
  config.openSearch === undefined
    ? Promise.resolve(inPostgres(db, base.logger))
    : inOpenSearch({ ...config, openSearch: config.openSearch }, db, outbox, base);

function inPostgres(db: Database, logger: Logger): SearchParts {
  return {
    index: createPostgresSearch(db),
    feed: inTransaction,
    events: [],
    reindex: (signal) => refreshDocuments(db, { everything: true, signal }),
    start() {
      const stop = new AbortController();
      const running = refreshDocuments(db, { signal: stop.signal })
        .then((count) => count > 0 && logger.info({ count }, 'search documents of another version were written again'))
        .catch((err: unknown) => stop.signal.aborted || logger.warn({ err }, 'search documents were not refreshed'));
      return {
        async close() {
          stop.abort();
          await running;
        },
      };
    },
    close: async () => undefined,
  };
}

async function inOpenSearch(
  { openSearch, OPENSEARCH_TIMEOUT_MS }: SearchConfig & { openSearch: NonNullable<SearchConfig['openSearch']> },
  db: Database,
  outbox: Outbox,
  { metrics, logger }: Base,
): Promise<SearchParts> {
  const client = await connect(openSearch);
  // Reads and writes don't share a breaker: an index that takes no writes may still answer.
  const reading = createGuard(metrics, { timeoutMs: OPENSEARCH_TIMEOUT_MS, atOnce: 64 });
  const writing = createGuard(metrics, { timeoutMs: WRITE_TIMEOUT_MS, atOnce: 16 });
  const source = createSearchSource(db.writer);
  const build = (signal: AbortSignal): Promise<number> =>
    rebuild({
      client,
      source,
      signal,
      writer: createOpenSearchWriter(client, writing, {
        targets: [NEXT],
        patient: true,
        attempts: BUILD_ATTEMPTS,
        signal,
        onBackOff: (waiting) => logger.warn(waiting, 'OpenSearch has no room: the build of the index waits'),
      }),
      onRefused: (refused) => logger.error({ refused }, 'the search index refused documents; they will not be found'),
    });
  return {
    index: createOpenSearch(client, reading),
    feed: byEvent(outbox),
    events: [onVideoIndexDue(source, createOpenSearchWriter(client, writing))],
    start: () => startKeeper({ client, rebuild: build, exclusively: (work) => exclusively(db, work), logger }),
    async reindex(signal) {
      let count = 0;
      await exclusively(db, async () => void (count = await build(signal)), { waiting: true });
      return count;
    },
    close: () => client.close(),
  };
}
