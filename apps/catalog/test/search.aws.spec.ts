import { createDatabase, migrate } from '@kinora/database';
import { backend, eventually, testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { connect, createIndex, createOpenSearchWriter, publishIndex } from '../src/adapters/opensearch/client';
import { INDEX } from '../src/adapters/opensearch/index-definition';
import { createOpenSearch } from '../src/adapters/opensearch/open-search';
import { createPostgresSearchWriter } from '../src/adapters/postgres/search/documents';
import { createPostgresSearch } from '../src/adapters/postgres/search/postgres-search';
import { searchConformance } from './search.conformance';
import { startPlatform } from './support/platform';

const { url } = backend('opensearch');
/** Under the runner, `testDatabase` makes its databases there. */
backend('postgres');

searchConformance('PostgreSQL 15', async () => {
  const database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'catalog' });
  await migrate(db, migrations);
  return {
    index: createPostgresSearch(db),
    writer: createPostgresSearchWriter(db.writer),
    close: () => db.close().then(() => database.drop()),
  };
});

const emptied = async () => {
  const client = await connect(url);
  await client.indices.delete({ index: INDEX, ignore_unavailable: true });
  return client;
};

searchConformance('OpenSearch', async () => {
  const client = await emptied();
  await createIndex(client);
  await publishIndex(client);
  return {
    index: createOpenSearch(client),
    writer: createOpenSearchWriter(client, { refresh: true }),
    close: () => client.close(),
  };
});

it('fills a new OpenSearch index with what is there, and keeps it in step by events', async () => {
  await (await emptied()).close();
  await using platform = await startPlatform();
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const { id: videoId } = await owner.createVideo({ body: { title: 'Before the index' } });
  await platform.first.stop();
  const replica = await platform.startReplica({ OPENSEARCH_URL: url });
  const second = platform.as({ token: await platform.identity.person('ada', 'creator') }, replica.url);
  const hits = async (q: string) => (await second.search({ query: { q } })).items.map((hit) => hit.video.title);
  await eventually(async () => (await hits('before')).length === 1);
  await second.updateVideo({ params: { videoId }, body: { title: 'Renamed since' } });
  await eventually(async () => (await hits('renamed')).length === 1);
  expect(await hits('before')).toEqual([]);
  await second.deleteVideo({ params: { videoId } });
  await eventually(async () => (await second.search({ query: { q: 'renamed' } })).total === 0);
});
