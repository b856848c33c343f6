import {
  type Endpoint,
  type Parsed,
  type Person,
  type Principal,
  type ReplyInput,
  DomainError,
  forbidden,
  notFound,
  unauthenticated,
} from '@kinora/contracts-common';
import { type Request, type Response, type Router } from 'express';
import { type z } from 'zod';
import { type Authenticator } from './authentication';
import { type Idempotency } from './idempotency';
import { fieldsOf } from './problems';

/** Who the handler is told of, by the endpoint's access. */
type CallerOf<E extends Endpoint> = E['access'] extends 'user'
  ? Person
  : E['access'] extends 'service'
    ? Extract<Principal, { kind: 'service' }>
    : E['access'] extends 'optional'
      ? Person | undefined
      : undefined;

export type Input<E extends Endpoint> = Parsed<E> & { readonly caller: CallerOf<E> };

/** For what a JSON body can't say: cookies, headers, streams. */
export interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

export type Handler<E extends Endpoint> = (input: Input<E>, exchange: Exchange) => Promise<ReplyInput<E>>;

export interface Mounting {
  readonly authenticator: Authenticator;
  readonly idempotency?: Idempotency;
}

async function callerOf(e: Endpoint, req: Request, authenticator: Authenticator): Promise<Principal | undefined> {
  if (e.access === 'public') return undefined;
  const principal = await authenticator.identify({
    authorization: req.get('authorization'),
    apiKey: req.get('x-api-key'),
  });
  if (e.access === 'service') {
    // To anyone else an internal path does not exist.
    if (principal?.kind !== 'service') throw notFound('route.not_found', 'There is nothing here.');
    return principal;
  }
  if (principal?.kind === 'service') throw forbidden('This call is made by people, not by services.');
  if (!principal && e.access === 'user') throw unauthenticated();
  if (
    principal?.kind === 'api-key' &&
    (e.scope === undefined || !principal.scopes.some((scope) => scope === e.scope))
  ) {
    throw forbidden(
      e.scope === undefined ? 'API keys can’t make this call.' : `The API key lacks the scope ${e.scope}.`,
    );
  }
  return principal;
}

function parse(e: Endpoint, part: 'params' | 'query' | 'body', value: unknown): unknown {
  const schema: z.ZodType | undefined = e[part];
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // An id of the wrong shape can't name anything: same answer as for one that names nothing.
  const errors = fieldsOf(parsed.error, part);
  if (part === 'params')
    throw notFound(
      e.problems.find((code) => code.endsWith('.not_found')) ?? 'route.not_found',
      'There is nothing here.',
    );
  throw new DomainError(
    'invalid',
    'request.invalid',
    `The request does not fit: ${errors.map((one) => `${one.field} (${one.message})`).join(', ')}`,
    { errors },
  );
}

/**
 * Binds an endpoint of a contract to its handler: who calls, what is sent, the use case, what is answered. The answer is parsed too, so
 * that nothing leaves which the contract does not name.
 */
export function mount<E extends Endpoint>(
  router: Router,
  e: E,
  { authenticator, idempotency }: Mounting,
  handle: Handler<E>,
): void {
  router[e.method](e.path.replace(/{(\w+)}/g, ':$1'), async (req, res) => {
    const caller = await callerOf(e, req, authenticator);
    const input = {
      caller,
      params: parse(e, 'params', req.params),
      query: parse(e, 'query', req.query),
      body: parse(e, 'body', req.body ?? {}),
    } as unknown as Input<E>;
    const run = async (): Promise<unknown> => e.success.body.parse(await handle(input, { req, res }));
    const key = e.idempotent ? req.get('idempotency-key') : undefined;
    const reply =
      key !== undefined && idempotency && caller && caller.kind !== 'service'
        ? await idempotency({ key, owner: caller.userId, endpoint: e.id, body: req.body as unknown }, run, res)
        : await run();
    if (res.headersSent) return;
    res.status(e.success.status);
    if (e.success.status === 204) res.end();
    else res.json(reply);
  });
}
