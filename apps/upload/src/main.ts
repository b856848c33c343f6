import { isMigrateCommand, runMigrations } from '@kinora/database';
import { runService } from '@kinora/service';
import { migrations } from '../migrations';
import { compose } from './composition';
import { readConfig } from './config';

if (isMigrateCommand()) void runMigrations('upload', migrations);
else void runService('upload', (base) => compose(base, readConfig()));
