import { type WorkContext, currentContext, withContext } from '@kinora/service';
import { newId } from '@kinora/contracts-common';

/** What lies in Redis: the payload, and the request it belongs to. */
export interface Envelope {
  readonly payload: unknown;
  readonly context: Partial<WorkContext>;
}

export const enclose = (payload: unknown): Envelope => ({ payload, context: currentContext() ?? {} });

/** Runs the work in the context of the request that caused the job; a video id in the payload joins it. */
export function inContextOf<T>(envelope: { context?: Partial<WorkContext> }, payload: unknown, work: () => T): T {
  const videoId =
    typeof payload === 'object' && payload !== null && 'videoId' in payload && typeof payload.videoId === 'string'
      ? payload.videoId
      : envelope.context?.videoId;
  const { requestId = newId('req'), traceparent } = envelope.context ?? {};
  return withContext(
    { requestId, ...(videoId !== undefined && { videoId }), ...(traceparent !== undefined && { traceparent }) },
    work,
  );
}
