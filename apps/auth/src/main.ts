import { runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('auth', (base) => compose(base, readConfig()));
