import { runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('analytics', (base) => compose(base, readConfig()));
