import { type z } from 'zod';

/** Who may call: anyone; anyone but with an identity when there is one; a signed-in person or API key; another Kinora service. */
export type Access = 'public' | 'optional' | 'user' | 'service';

export interface Endpoint {
  /** `service.operation`, unique in the platform; the OpenAPI operationId. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Path with `{name}` parameters, e.g. `/v1/videos/{videoId}`. */
  readonly path: `/${string}`;
  /** One sentence for the API reference. */
  readonly summary: string;
  readonly access: Access;
  /** The scope an API key needs for this call, when it may be used at all. */
  readonly scope?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly success: { readonly status: 200 | 201 | 202 | 204; readonly body: z.ZodType };
  /** Codes of the problems a caller should be ready for, beside those that every endpoint has. */
  readonly problems: readonly string[];
  /** A creating POST that honours `Idempotency-Key`. */
  readonly idempotent?: boolean;
}

type Part = 'params' | 'query' | 'body';

/** What the caller sends: `z.input` of every part that the endpoint declares. */
export type Sent<E extends Endpoint> = {
  [P in Part as E[P] extends z.ZodType ? P : never]: z.input<Extract<E[P], z.ZodType>>;
};
/** What the handler receives: `z.output` of every part. */
export type Parsed<E extends Endpoint> = {
  [P in Part as E[P] extends z.ZodType ? P : never]: z.output<Extract<E[P], z.ZodType>>;
};
export type Reply<E extends Endpoint> = z.output<E['success']['body']>;
export type ReplyInput<E extends Endpoint> = z.input<E['success']['body']>;

/** Declares an endpoint; the type keeps every literal so that router, client and reference derive from it. */
export const endpoint = <const E extends Endpoint>(declaration: E): E => declaration;

export type Contract = Readonly<Record<string, Endpoint>>;
