import { type Contract, newId, notFound } from '@kinora/contracts-common';
import express, { type Express, type Request, type RequestHandler, type Response, type Router } from 'express';
import helmet from 'helmet';
import { withContext } from './context';
import { type Lifecycle } from './lifecycle';
import { type Logger, loggablePath } from './logger';
import { type Metrics } from './metrics';
import { openApiDocument } from './open-api';
import { errorHandler } from './problems';
import { startSpan } from './tracing';

export interface AppParts {
  readonly name: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  /** What the API reference of this service shows. */
  readonly contracts?: readonly Contract[];
  /** Handlers that must see the body as it comes (tus, part uploads); mounted before any parser. */
  readonly raw?: (app: Express) => void;
  readonly routers: readonly Router[];
  /** Bytes; 1 MiB unless told. */
  readonly bodyLimit?: number;
}

const validRequestId = /^[\w-]{8,64}$/;

/** A request id that a gateway gave is kept, so that one id follows a call through all services. */
const context: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  const requestId = given !== undefined && validRequestId.test(given) ? given : newId('req');
  res.setHeader('x-request-id', requestId);
  const videoId = /\/(vid_[0-9A-Z]{26})(?:\/|$)/.exec(req.path)?.[1];
  const span = startSpan(req.method, { kind: 'server' }, req.get('traceparent'));
  if (span) res.once('close', () => span.end(answered(req, res, requestId, videoId)));
  withContext(
    { requestId, ...(videoId !== undefined && { videoId }), ...(span && { traceparent: span.traceparent }) },
    next,
  );
};

/** The pattern, never the path: ids would make a series, or a name, each. */
const routeOf = (req: Request): string =>
  String((req.route as { path?: string | RegExp } | undefined)?.path ?? 'other');

/** What a request's span says in the end. */
const answered = (req: Request, res: Response, requestId: string, videoId: string | undefined) => ({
  name: `${req.method} ${routeOf(req)}`,
  attributes: {
    'http.request.method': req.method,
    'http.route': routeOf(req),
    'http.response.status_code': res.statusCode,
    'kinora.request_id': requestId,
    'kinora.video_id': videoId,
  },
  ...(res.statusCode >= 500 && { error: new Error('server error') }),
});

const measure =
  (metrics: Metrics, logger: Logger): RequestHandler =>
  (req, res, next) => {
    const end = metrics.requests.startTimer({ method: req.method });
    const { method } = req;
    const path = loggablePath(req.path);
    res.once('close', () => {
      const seconds = end({ route: routeOf(req), status: `${Math.floor(res.statusCode / 100)}xx` });
      logger.debug({ method, path, status: res.statusCode, ms: Math.round(seconds * 1000) }, 'request');
    });
    next();
  };

/** The order in which every service treats a request, on one screen. */
export function createApp({
  name,
  logger,
  metrics,
  lifecycle,
  contracts = [],
  raw,
  routers,
  bodyLimit = 1_048_576,
}: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', 'loopback, uniquelocal').set('query parser', 'simple');

  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/readyz', async (_req, res) => {
    const failing = lifecycle.stopping ? ['stopping'] : await lifecycle.failingChecks();
    res
      .status(failing.length === 0 ? 200 : 503)
      .json({ status: failing.length === 0 ? 'ready' : 'not ready', failing });
  });
  app.get(
    '/metrics',
    async (_req, res) => void res.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get('/openapi.json', (_req, res) => void res.json(openApiDocument(`Kinora ${name}`, contracts)));

  app.use(context, measure(metrics, logger));
  raw?.(app);
  app.use(
    helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } }, crossOriginResourcePolicy: false }),
  );
  app.use(express.json({ limit: bodyLimit, type: ['application/json', 'text/plain'] }));
  for (const router of routers) app.use(router);
  app.use(() => {
    throw notFound('route.not_found', 'There is nothing here.');
  });
  app.use(errorHandler(logger));
  return app;
}
