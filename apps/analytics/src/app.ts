import { analyticsContract } from '@kinora/contracts-analytics';
import { type Base, createApp } from '@kinora/service';
import { type Express } from 'express';
import { type AnalyticsRoutes, analyticsRoutes } from './routes/analytics.routes';
import { type BeaconRoutes, beaconRoutes } from './routes/beacons.routes';
import { type LiveRoutes, liveRoutes } from './routes/live.routes';

export const createAnalyticsApp = ({
  base,
  ...parts
}: { base: Base } & AnalyticsRoutes & BeaconRoutes & LiveRoutes): Express =>
  createApp({
    ...base,
    contracts: [analyticsContract],
    routers: [beaconRoutes(parts), analyticsRoutes(parts), liveRoutes(parts)],
    // A full batch of beacons, each with all its runs.
    bodyLimit: 512 * 1024,
  });
