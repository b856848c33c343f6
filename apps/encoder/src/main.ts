import { runService } from '@kinora/service';
import { compose } from './composition';
import { loadEncoderConfig } from './config';

void runService('encoder', (base) => compose(base, loadEncoderConfig()));
