import { runService } from '@kinora/service';
import { compose } from './composition';
import { readConfig } from './config';

void runService('transcode', async (base) => compose(base, readConfig()));
