import {
  channelsContract,
  playbackContract,
  searchContract,
  videosContract,
  webhooksContract,
} from '@kinora/contracts-catalog';
import { type Base, type Mounting, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type ChannelDeps } from './domain/channels/channels';
import { type PlaybackDeps } from './domain/playback/playback';
import { type GrantStore } from './domain/ports/grant-store';
import { type SearchDeps } from './domain/search/search';
import { type VideoDeps } from './domain/videos/videos';
import { type WebhookDeps } from './domain/webhooks/webhooks';
import { channelRoutes } from './routes/channels';
import { internalRoutes } from './routes/internal';
import { playbackRoutes } from './routes/playback';
import { type RateLimits } from './routes/rate-limits';
import { searchRoutes } from './routes/search';
import { videoRoutes } from './routes/videos';
import { webhookRoutes } from './routes/webhooks';

export interface AppDeps {
  readonly mounting: Mounting;
  /** For answers that hold a secret. */
  readonly sealedMounting: Mounting;
  readonly limits: RateLimits;
  readonly videos: VideoDeps;
  readonly playback: PlaybackDeps;
  readonly grants: GrantStore;
  readonly search: SearchDeps;
  readonly channels: ChannelDeps;
  readonly webhooks: WebhookDeps;
}

export const createCatalogApp = (base: Base, deps: AppDeps): Express =>
  createApp({
    ...base,
    contracts: [videosContract, playbackContract, searchContract, channelsContract, webhooksContract],
    routers: [
      deps.limits,
      videoRoutes(deps.mounting, deps.videos),
      playbackRoutes(deps.mounting, deps),
      searchRoutes(deps.mounting, deps.search),
      channelRoutes(deps.mounting, deps.channels),
      webhookRoutes(deps.mounting, deps.sealedMounting, deps.webhooks),
      internalRoutes(deps.mounting, deps),
    ],
  });
