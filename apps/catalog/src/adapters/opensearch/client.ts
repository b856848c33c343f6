import { type Client } from '@opensearch-project/opensearch';
import { type SearchWriter } from '../../domain/ports/search-index';
import { wordsOf } from '../../domain/search/text';
import { ALIAS, INDEX, definition } from './index-definition';

/** The library is large: only a service that has an OpenSearch to talk to loads it. */
export async function connect(url: string): Promise<Client> {
  const { Client } = await import('@opensearch-project/opensearch');
  return new Client({ node: url, requestTimeout: 10_000, maxRetries: 2 });
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** Whether the index is there and filled: it gets its alias last. */
export const isFilled = async (client: Client): Promise<boolean> =>
  (await client.indices.existsAlias({ name: ALIAS })).body;

/** Creates the index unless it is there. */
export async function createIndex(client: Client): Promise<void> {
  try {
    await client.indices.create({ index: INDEX, body: definition });
  } catch (error) {
    // Another replica was quicker, or an earlier start did not come to its end.
    if (!(error instanceof Error && error.message.includes('resource_already_exists_exception'))) throw error;
  }
}

/** Puts the index into service. */
export const publishIndex = async (client: Client): Promise<void> =>
  void (await client.indices.putAlias({ index: INDEX, name: ALIAS }));

/**
 * Writes under the revision of the video (`external_gte`), so that what comes late can't overwrite what is newer.
 * @param index the alias, or the index itself while it is being filled
 * @param refresh make every write visible to searches before it returns; for tests
 */
export const createOpenSearchWriter = (client: Client, { index = ALIAS, refresh = false } = {}): SearchWriter => ({
  async put(documents) {
    if (documents.length === 0) return;
    const { body } = await client.bulk({
      refresh,
      // Without it, a missing alias would become an index with guessed types.
      require_alias: index === ALIAS,
      body: documents.flatMap(({ videoId, revision, description, tags, title, ...rest }) => [
        { index: { _index: index, _id: videoId, version: revision, version_type: 'external_gte' as const } },
        {
          videoId,
          ...rest,
          title,
          tags: [...tags],
          foldedTitle: wordsOf(title).join(' '),
          titleWords: wordsOf(title).join(' '),
          tagWords: tags.flatMap(wordsOf).join(' '),
          descriptionWords: wordsOf(description).join(' '),
        },
      ]),
    });
    const failed = body.items.map((item) => item.index).find((one) => one?.error && one.status !== 409);
    if (failed) throw new Error(`OpenSearch refused a document: ${failed.error?.reason ?? failed.status}`);
  },
  async remove(videoId, revision) {
    try {
      await client.delete({ index, id: videoId, version: revision, version_type: 'external_gte', refresh });
    } catch (error) {
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    }
  },
});
