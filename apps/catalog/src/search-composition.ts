import { type Database, type Outbox } from '@kinora/database';
import { type EventHandler } from '@kinora/jobs';
import { type Logger } from '@kinora/service';
import { connect, createIndex, createOpenSearchWriter, isFilled, publishIndex } from './adapters/opensearch/client';
import { INDEX } from './adapters/opensearch/index-definition';
import { createOpenSearch } from './adapters/opensearch/open-search';
import { type SearchFeed, byEvent, inTransaction } from './adapters/postgres/search-feed';
import { createPostgresSearch } from './adapters/postgres/search/postgres-search';
import { type SearchIndex, type SearchWriter } from './domain/ports/search-index';
import { type VideoReader } from './domain/ports/video-store';
import { searchDocumentOf } from './domain/search/document';
import { onVideoIndexDue } from './workers/video-index-due';

export interface SearchParts {
  readonly index: SearchIndex;
  readonly feed: SearchFeed;
  readonly events: readonly EventHandler[];
  close(): Promise<void>;
}

const everything = { userId: null, admin: true };
const BATCH = 200;

/** Writes every video there is, newest first. Changes that come in between are newer revisions, and win. */
async function fill(writer: SearchWriter, videos: VideoReader): Promise<number> {
  let [before, count]: [string | undefined, number] = [undefined, 0];
  for (;;) {
    const page = await videos.list(everything, {}, { before, limit: BATCH });
    await writer.put(page.map(searchDocumentOf));
    count += page.length;
    before = page.at(-1)?.id;
    if (page.length < BATCH) return count;
  }
}

/** Search in OpenSearch when there is one, in Postgres otherwise. An index that was just created is filled with what is there. */
export async function composeSearch(
  { OPENSEARCH_URL }: { OPENSEARCH_URL?: string | undefined },
  db: Database,
  outbox: Outbox,
  videos: VideoReader,
  logger: Logger,
): Promise<SearchParts> {
  if (OPENSEARCH_URL === undefined)
    return { index: createPostgresSearch(db), feed: inTransaction, events: [], close: async () => undefined };

  const client = await connect(OPENSEARCH_URL);
  if (!(await isFilled(client))) {
    await createIndex(client);
    const count = await fill(createOpenSearchWriter(client, { index: INDEX }), videos);
    await publishIndex(client);
    logger.info({ count }, 'the search index was created and filled');
  }
  const writer = createOpenSearchWriter(client);
  return {
    index: createOpenSearch(client),
    feed: byEvent(outbox),
    events: [onVideoIndexDue(videos, writer)],
    close: () => client.close(),
  };
}
