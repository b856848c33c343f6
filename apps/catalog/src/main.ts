import { runService } from '@kinora/service';
import { compose } from './composition';
import { loadCatalogConfig } from './config';
import { runReindex } from './reindex';

if (process.argv[2] === 'reindex') void runReindex(loadCatalogConfig);
else void runService('catalog', async (base) => compose(base, loadCatalogConfig()));
