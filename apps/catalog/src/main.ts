import { isMigrateCommand, runMigrations } from '@kinora/database';
import { rereading, runService } from '@kinora/service';
import { migrations } from '../migrations';
import { compose } from './composition';
import { loadCatalogConfig } from './config';
import { runReindex } from './reindex';

const [, , command] = process.argv;
if (isMigrateCommand()) void runMigrations('catalog', migrations);
else if (command === 'reindex') void runReindex(loadCatalogConfig);
else void runService('catalog', async (base) => compose(base, loadCatalogConfig(), rereading(loadCatalogConfig)));
