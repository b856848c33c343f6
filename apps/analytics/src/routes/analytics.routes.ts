import { type VideoAnalytics, analyticsContract } from '@kinora/contracts-analytics';
import { type Authenticator, mount } from '@kinora/service';
import { Router } from 'express';
import { type AuthoriseReader } from '../domain/access';
import { type Period } from '../domain/report';

export interface AnalyticsRoutes {
  readonly authenticator: Authenticator;
  readonly authorise: AuthoriseReader;
  readonly report: (videoId: string, period: Period) => Promise<VideoAnalytics>;
}

export function analyticsRoutes({ authenticator, authorise, report }: AnalyticsRoutes): Router {
  const router = Router();
  mount(
    router,
    analyticsContract.getVideoAnalytics,
    { authenticator },
    async ({ caller, params: { videoId }, query }, { res }) => {
      await authorise(caller, videoId);
      res.set('cache-control', 'private, no-store');
      return report(videoId, query);
    },
  );
  return router;
}
