import { type Client } from '@opensearch-project/opensearch';
import { type SearchWriter } from '../../domain/ports/search-index';
import { type BulkOptions, createBulk } from './bulk';
import { LIVE, NEXT } from './definition';
import { removalOf, writeOf, writesOf } from './documents';
import { type Guard } from './guard';

/** Keeps the live index, and the one that is being built when there is one, in step with the videos. */
export function createOpenSearchWriter(client: Client, guard: Guard, options: BulkOptions = {}): SearchWriter {
  const write = createBulk(client, guard, options);
  return {
    put: (documents) => write(documents.map(writeOf)),
    putTranscripts: (transcripts) => write(transcripts.flatMap(writesOf)),
    async remove(videoId, revision) {
      await write([removalOf(videoId, revision)]);
      // Nobody finds passages without their video; this is for the texts to be gone, not only hidden.
      await guard('delete passages', () =>
        client.deleteByQuery({
          index: [LIVE, NEXT],
          ignore_unavailable: true,
          routing: videoId,
          conflicts: 'proceed',
          refresh: options.refresh ?? false,
          body: { query: { bool: { filter: [{ term: { videoId } }], must_not: [{ exists: { field: 'goneAt' } }] } } },
        }),
      );
    },
  };
}
