import { z } from 'zod';
import { type Contract, type Endpoint, type Reply, type Sent } from './endpoint';
import { Problem } from './problem';

/** An answer that is not a success, with the stable code of its problem document (RFC 9457). */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  constructor(
    readonly code: string,
    readonly status: number,
    detail: string,
    readonly problem?: Problem,
    /** Seconds to wait, from `Retry-After`. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClientOptions {
  readonly fetch?: typeof fetch;
  /** Headers for every call, e.g. `authorization`; asked anew for each. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Milliseconds until a call is given up; 10 s unless told. */
  readonly timeoutMs?: number;
}

export type Client<C extends Contract> = {
  [K in keyof C]: (sent: Sent<C[K]>, options?: CallOptions) => Promise<Reply<C[K]>>;
};

/** The absolute or relative URL of a call: path parameters percent-encoded, undefined query values left out. */
export function urlOf(baseUrl: string, e: Endpoint, sent: { params?: object; query?: object }): string {
  const path = e.path.replace(/{(\w+)}/g, (_, name: string) =>
    encodeURIComponent(String(Reflect.get(sent.params ?? {}, name))),
  );
  const query = new URLSearchParams(
    Object.entries(sent.query ?? {}).flatMap(([key, value]): [string, string][] =>
      value === undefined
        ? []
        : Array.isArray(value)
          ? value.map((one): [string, string] => [key, String(one)])
          : [[key, String(value)]],
    ),
  );
  return `${baseUrl}${path}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

async function problemOf(res: Response): Promise<ApiProblem> {
  const text = await res.text().catch(() => '');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = Problem.safeParse(json);
  const retryAfter = Number(res.headers.get('retry-after') ?? Number.NaN);
  const after = Number.isFinite(retryAfter) ? retryAfter : undefined;
  return parsed.success
    ? new ApiProblem(parsed.data.code, res.status, parsed.data.detail ?? parsed.data.title, parsed.data, after)
    : new ApiProblem('http.unexpected', res.status, res.statusText || `HTTP ${res.status}`, undefined, after);
}

/**
 * A client whose methods are the contract's endpoints. Rejects with {@link ApiProblem} for any answer that is no success,
 * and with the parse error when a success does not fit its schema. Runs in Node and in browsers.
 */
export function createClient<const C extends Contract>(
  contract: C,
  baseUrl: string,
  options: ClientOptions = {},
): Client<C> {
  const doFetch = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  const call =
    (e: Endpoint) => async (sent: { params?: object; query?: object; body?: unknown }, opts?: CallOptions) => {
      const timeout = AbortSignal.timeout(options.timeoutMs ?? 10_000);
      const res = await doFetch(urlOf(baseUrl, e, sent), {
        method: e.method.toUpperCase(),
        headers: {
          accept: 'application/json',
          ...(sent.body !== undefined && { 'content-type': 'application/json' }),
          ...(await options.headers?.()),
          ...opts?.headers,
        },
        ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
        signal: opts?.signal ? AbortSignal.any([opts.signal, timeout]) : timeout,
      });
      if (!res.ok) throw await problemOf(res);
      const body: unknown = e.success.status === 204 ? undefined : await res.json();
      return e.success.body.parse(body);
    };
  return Object.fromEntries(Object.entries(contract).map(([name, e]) => [name, call(e)])) as Client<C>;
}

/** The body of an answer that has none. */
export const Nothing = z.undefined();
