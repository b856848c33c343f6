import { runService } from '@kinora/service';
import { setPriority } from 'node:os';
import { compose } from './composition';
import { loadEncoderConfig } from './config';

// Below the services that people wait for; its ffmpegs are another ten below itself.
setPriority(5);

void runService('encoder', (base) => compose(base, loadEncoderConfig()));
