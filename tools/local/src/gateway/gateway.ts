import { Agent, createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { newId } from '@kinora/contracts-common';
import { createProxyServer } from 'http-proxy-3';
import { collectDocuments, serveReference } from './api-reference';
import { type Mailbox, mailboxPage } from './mailbox';
import { destinationOf, type PublicService } from './routes';

export class PortInUse extends Error {
  override name = 'PortInUse';
}

export interface GatewayOptions {
  port: number;
  /** @default 127.0.0.1 */
  host?: string;
  /** Shown at /dev/mailbox; without one there is no such page. */
  mailbox?: Mailbox;
  /** Where people reach it, if another gate is in front. @default http://localhost with its port */
  publicUrl?: string;
  /** The files of swagger-ui-dist. @default those of the workspace */
  referenceFiles?: string;
}

export interface Gateway {
  /** The public origin. */
  url: string;
  port: number;
  /** Begins to pass requests on. Until then they get 503: the platform is starting. */
  open(services: Record<PublicService, string>): void;
  stop(): Promise<void>;
}

/**
 * The platform's one public port: path routing as the ingress does it in a cluster. Bodies are streamed both ways, so
 * that neither an upload nor server-sent events are held up; there is no limit on how long they take.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, mailbox, host = '127.0.0.1', referenceFiles } = options;
  let services: Record<PublicService, string> | undefined;
  let reference: ReturnType<typeof collectDocuments> | undefined;
  // Shorter than the services' 65 s, so that no request is sent into a connection that is just being closed.
  const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 0, scheduling: 'fifo' });
  agent.on('free', (socket: { setTimeout(ms: number): void }) => socket.setTimeout(30_000));
  const proxy = createProxyServer({ agent, xfwd: false });
  proxy.on('error', (_error, request, response) => {
    // Nobody can be told any more once the answer has begun: cutting it short is what tells.
    if (!(response instanceof ServerResponse) || response.headersSent) return void response.destroy();
    response.setHeader('retry-after', '1');
    problem(
      response,
      502,
      'gateway.unavailable',
      'The service does not answer just now.',
      String(request.headers['x-request-id']),
    );
  });

  // A service may refuse an upload by its head alone: it is sent at once, not with the body's first bytes.
  proxy.on('proxyReq', (onward) => onward.flushHeaders());

  // A service that dies in the middle of its answer must not look like one that has finished, or like one that thinks.
  proxy.on('proxyRes', (answer, _request, response) => {
    answer.once('close', () => !answer.complete && response.destroy());
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(`http://gateway${request.url?.startsWith('/') ? request.url : '/'}`);
    const requestId = prepare(request, response);
    if (pathname === '/healthz')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    if (!services) {
      response.setHeader('retry-after', '2');
      return problem(response, 503, 'gateway.starting', 'The platform is starting.', requestId);
    }
    if (mailbox && pathname === '/dev/mailbox')
      return serveMailbox(request, response, mailbox, searchParams.get('email') ?? undefined);
    if (pathname === '/docs' || pathname.startsWith('/docs/')) {
      const api = [services.auth, services.upload, services.transcode, services.catalog, services.analytics];
      return serveReference(
        pathname,
        response,
        () => (reference ??= collectDocuments(url, api).catch(forget)),
        referenceFiles,
      );
    }
    // What a refused upload still sends is read and thrown away: left in the connection, it would hold up the request after it.
    response.once('finish', () => request.unpipe().resume());
    const destination = destinationOf(pathname);
    if (destination === 'nowhere')
      return problem(response, 404, 'route.not_found', 'There is nothing here.', requestId);
    proxy.web(request, response, { target: services[destination] });
  };
  const forget = (error: unknown): never => {
    reference = undefined;
    throw error;
  };

  const server = createServer(
    { requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        if (response.headersSent) return response.destroy();
        problem(
          response,
          502,
          'gateway.unavailable',
          error instanceof Error ? error.message : 'unknown',
          String(request.headers['x-request-id']),
        );
      });
    },
  );
  const actual = await listen(server, port, host);
  const url = options.publicUrl ?? `http://localhost:${actual}`;
  return {
    url,
    port: actual,
    open: (targets) => void (services = targets),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(cut);
      agent.destroy();
    },
  };
}

/** Says who asked for what, and gives the request the id that follows it through logs and jobs. What a client claims is not believed. */
function prepare(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : newId('req');
  for (const name of ['forwarded', 'x-forwarded-port', 'x-real-ip']) Reflect.deleteProperty(request.headers, name);
  request.headers['x-request-id'] = requestId;
  request.headers['x-forwarded-for'] = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  request.headers['x-forwarded-proto'] = 'http';
  request.headers['x-forwarded-host'] = request.headers.host ?? '';
  response.setHeader('x-request-id', requestId);
  return requestId;
}

function serveMailbox(
  request: IncomingMessage,
  response: ServerResponse,
  mailbox: Mailbox,
  email: string | undefined,
): void {
  // A page elsewhere could point a name of its own at 127.0.0.1 and read the codes.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? ''))
    return void response.writeHead(403).end();
  const letters = mailbox.list(email);
  const json = request.headers.accept?.includes('application/json');
  response.writeHead(200, {
    'content-type': json ? 'application/json' : 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(json ? JSON.stringify({ items: letters }) : mailboxPage(letters));
}

function problem(response: ServerResponse, status: number, code: string, detail: string, requestId: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title: detail, status, code, requestId }));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortInUse(`Port ${port} is in use. Give another one with --port, for example --port ${port + 1}.`)
          : error,
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
