import { isMigrateCommand, runMigrations } from '@kinora/database';
import { runService } from '@kinora/service';
import { migrations } from '../migrations';
import { compose } from './composition';
import { readConfig } from './config';

if (isMigrateCommand()) void runMigrations('auth', migrations);
else void runService('auth', (base) => compose(base, readConfig()));
