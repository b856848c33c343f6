// Runs in CloudFront's runtime: see handler.ts for what that lacks.
import { REFUSALS, toldOf } from '../../grant/refusals';
import { ALLOWED_HEADERS, ALLOWED_METHODS, EXPOSED_HEADERS, PREFLIGHT_SECONDS } from '../../http/cors';
import { type Values, type ViewerEvent, type ViewerResponse } from './event';

/** The headers that edge sets on whatever it answers. To own pages, which may send cookies, their origin is named. */
function headersFor(origin: string | undefined, own: string[]): Values {
  const known = origin !== undefined && own.indexOf(origin) >= 0;
  const headers: Values = {
    'access-control-allow-origin': { value: known ? String(origin) : '*' },
    'access-control-expose-headers': { value: EXPOSED_HEADERS },
    'cache-control': { value: 'no-store' },
    'cross-origin-resource-policy': { value: 'cross-origin' },
    'timing-allow-origin': { value: '*' },
    vary: { value: 'origin' },
    'x-content-type-options': { value: 'nosniff' },
  };
  if (known) headers['access-control-allow-credentials'] = { value: 'true' };
  return headers;
}

export function preflight(origin: string | undefined, own: string[]): ViewerResponse {
  const headers = headersFor(origin, own);
  headers['access-control-allow-methods'] = { value: ALLOWED_METHODS };
  headers['access-control-allow-headers'] = { value: ALLOWED_HEADERS };
  headers['access-control-max-age'] = { value: PREFLIGHT_SECONDS };
  return { statusCode: 204, statusDescription: 'No Content', headers: headers };
}

/** The problem document that edge would send; the request id is CloudFront's. */
export function forbidden(
  event: ViewerEvent,
  reason: string,
  origin: string | undefined,
  own: string[],
): ViewerResponse {
  const told = toldOf(reason);
  const headers = headersFor(origin, own);
  headers['content-type'] = { value: 'application/problem+json; charset=utf-8' };
  return {
    statusCode: 403,
    statusDescription: 'Forbidden',
    headers: headers,
    body: {
      encoding: 'text',
      data: JSON.stringify({
        title: 'Forbidden',
        status: 403,
        code: `grant.${told}`,
        detail: REFUSALS[told],
        requestId: event.context.requestId,
      }),
    },
  };
}
