import { rereading, runService } from '@kinora/service';
import { compose } from './composition';
import { loadCatalogConfig } from './config';

void runService('catalog', async (base) => compose(base, loadCatalogConfig(), rereading(loadCatalogConfig)));
