import { isMigrateCommand, runMigrations } from '@kinora/database';
import { rereading, runService } from '@kinora/service';
import { migrations } from '../migrations';
import { compose } from './composition';
import { loadCatalogConfig } from './config';

if (isMigrateCommand()) void runMigrations('catalog', migrations);
else void runService('catalog', async (base) => compose(base, loadCatalogConfig(), rereading(loadCatalogConfig)));
