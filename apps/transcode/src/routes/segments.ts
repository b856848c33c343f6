import { encodingsInternalContract } from '@kinora/contracts-transcode';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type reportSegments } from '../domain/report-segments';

/** `/internal/v1/encodings/{encodingId}/segments`: what encoders tell. */
export function segmentRoutes(mounting: Mounting, report: ReturnType<typeof reportSegments>): Router {
  const router = Router();
  mount(router, encodingsInternalContract.reportSegments, mounting, async ({ params, body }) => {
    await report(params.encodingId, body);
    return undefined;
  });
  return router;
}
