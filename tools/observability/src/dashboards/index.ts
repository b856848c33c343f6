import { pipeline } from './pipeline';
import { platform } from './platform';
import { playback } from './playback';
import { queue } from './queue';
import { service } from './service';

export const dashboards = [platform, service, pipeline, queue, playback];
