import { isMigrateCommand, runMigrations } from '@kinora/database';
import { runService } from '@kinora/service';
import { migrations } from '../migrations';
import { compose } from './composition';
import { readConfig } from './config';

if (isMigrateCommand()) void runMigrations('transcode', migrations);
else void runService('transcode', async (base) => compose(base, readConfig()));
