import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { ServiceError, badRequest, notFound, tooMany } from '../errors';
import { createRouter, requestProblems } from '../model/route';
import { type ServiceModel } from '../model/service-model';
import { problemsOf } from '../model/validate';
import { type Handler } from './api';
import { assertSigned } from './signature';

/** The service's own limit is 1 MB. */
const MAX_BODY = 1024 * 1024;

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of req as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new ServiceError(413, 'RequestEntityTooLargeException', 'The request is too large');
    pieces.push(piece);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(pieces).toString());
  } catch {
    throw badRequest('The body is no JSON');
  }
}

function answer(res: ServerResponse, status: number, body: unknown, errorType?: string): void {
  res.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...(errorType !== undefined && { 'x-amzn-errortype': errorType }),
  });
  res.end(JSON.stringify(body));
}

export interface ServerOptions {
  readonly model: ServiceModel;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly region: string;
  readonly mayPass: () => boolean;
  readonly report: (problem: unknown) => void;
}

/** REST-JSON over the model: requests and answers that it doesn't allow do not pass. */
export function createApiServer({ model, handlers, region, mayPass, report }: ServerOptions): Server {
  const route = createRouter(model);

  const handle = async (req: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const url = new URL(req.url ?? '/', 'http://service');
    assertSigned(req.headers, region, model.metadata.signingName ?? 'mediaconvert');
    const routed = route(req.method ?? '', url.pathname);
    if (!routed) throw notFound(`${req.method} ${url.pathname}`);
    const body = await bodyOf(req);
    if (!mayPass()) throw tooMany();
    const problems = requestProblems(model, routed, url.searchParams, body);
    if (problems.length > 0) throw badRequest(problems.join('; '));
    const { operation, labels } = routed;
    const handler = handlers[operation.name];
    if (!handler) throw new ServiceError(501, 'NotImplemented', `${operation.name} is not part of this stand-in`);
    const reply = handler({ labels, query: url.searchParams, body });
    const wrong = operation.output ? problemsOf(model, operation.output.shape, reply) : [];
    if (wrong.length > 0) throw new Error(`this stand-in answers ${operation.name} wrongly: ${wrong.join('; ')}`);
    return { status: operation.http.responseCode ?? 200, body: reply };
  };

  return createServer((req, res) => {
    handle(req).then(
      ({ status, body }) => answer(res, status, body),
      (error: unknown) => {
        req.resume();
        if (error instanceof ServiceError) return answer(res, error.status, { message: error.message }, error.type);
        report(error);
        answer(res, 500, { message: String(error) }, 'InternalServerErrorException');
      },
    );
  });
}
