import { createDatabase, migrate } from '@kinora/database';
import { createMetrics } from '@kinora/service';
import { backend, testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { createOpenSearch } from '../src/adapters/opensearch/open-search';
import { createOpenSearchWriter } from '../src/adapters/opensearch/writer';
import { createPostgresSearchWriter } from '../src/adapters/postgres/search/documents';
import { createPostgresSearch } from '../src/adapters/postgres/search/postgres-search';
import { searchConformance } from './search.conformance';
import { emptyOpenSearch, patientGuard, publishEmptyIndex } from './support/open-search';

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

searchConformance('OpenSearch', async () => {
  const client = await emptyOpenSearch(url);
  await publishEmptyIndex(client);
  const guard = patientGuard(createMetrics('test'));
  return {
    index: createOpenSearch(client, guard),
    writer: createOpenSearchWriter(client, guard, { refresh: true }),
    close: () => client.close(),
  };
});
