import { createDatabase, createOutbox, prepareSchema } from '@kinora/database';
import { createBase, runTask } from '@kinora/service';
import { migrations } from '../migrations';
import { type CatalogConfig } from './config';
import { composeSearch } from './search-composition';

/** `node main.js reindex`: builds the search index anew while everything goes on. @returns how many videos are in it */
export async function reindex(config: CatalogConfig, signal: AbortSignal): Promise<number> {
  const base = createBase('catalog', config.LOG_LEVEL);
  const db = createDatabase({ settings: config, schema: base.name });
  try {
    await prepareSchema(db, migrations, config);
    const search = await composeSearch(config, db, createOutbox(base.name), base);
    try {
      const count = await search.reindex(signal);
      base.logger.info({ count }, 'the search index was built anew');
      return count;
    } finally {
      await search.close();
    }
  } finally {
    await db.close();
  }
}

/** Until it is done, or a signal asks it to leave; what it left behind the next run removes. */
export const runReindex = (config: () => CatalogConfig): Promise<void> =>
  runTask('catalog', async () => {
    const stop = new AbortController();
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
    await reindex(config(), stop.signal);
  });
