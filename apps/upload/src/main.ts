import { runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('upload', (base) => compose(base, readConfig()));
