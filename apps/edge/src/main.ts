import { rereading, runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('edge', (base) => compose(base, readConfig(), rereading(readConfig)));
