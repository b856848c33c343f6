import { runService } from '@kinora/service';
import { compose } from './composition';

void runService('web', compose);
