import { type LiveViewers, analyticsContract } from '@kinora/contracts-analytics';
import { DomainError, type Person } from '@kinora/contracts-common';
import { type Authenticator, mount } from '@kinora/service';
import { type Request, Router } from 'express';
import { type AuthoriseReader } from '../domain/access';
import { type LiveHub } from '../domain/live/live-hub';
import { type Streams } from './event-stream';

export interface LiveRoutes {
  readonly authenticator: Authenticator;
  readonly authorise: AuthoriseReader;
  readonly hub: LiveHub;
  readonly streams: Streams;
  /** Milliseconds between looks at whether the reader may still read. */
  readonly recheckMs: number;
}

const RETRY_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/** Concurrent viewers as server-sent events. `Last-Event-ID` changes nothing: every event is the whole truth of its moment. */
export function liveRoutes({ authenticator, authorise, hub, streams, recheckMs }: LiveRoutes): Router {
  const router = Router();

  /** Whether the caller may still look: tokens expire and videos go while a stream is open. An outage is no answer. */
  const allowed = async (req: Request, caller: Person, videoId: string): Promise<boolean> => {
    try {
      await authenticator.identify({ authorization: req.get('authorization'), apiKey: req.get('x-api-key') });
      await authorise(caller, videoId);
      return true;
    } catch (error) {
      return !(error instanceof DomainError);
    }
  };

  mount(
    router,
    analyticsContract.getLiveViewers,
    { authenticator },
    async ({ caller, params: { videoId } }, { req, res }) => {
      await authorise(caller, videoId);
      let last: LiveViewers = { videoId, viewers: 0, approximate: true, at: new Date().toISOString() };
      const stream = streams.open(res, { retryMs: RETRY_MS, heartbeatMs: HEARTBEAT_MS });
      const unwatch = hub.watch(videoId, (event) => {
        last = event;
        stream.send('viewers', String(Date.parse(event.at)), event);
      });
      const recheck = setInterval(() => {
        void allowed(req, caller, videoId).then((still) => still || stream.end());
      }, recheckMs);
      recheck.unref();
      await stream.closed;
      clearInterval(recheck);
      unwatch();
      return last;
    },
  );
  return router;
}
