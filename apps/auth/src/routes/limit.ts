import { type RequestHandler } from 'express';

export interface LimitOptions {
  /** Successes are not counted. */
  readonly failuresOnly?: boolean;
  /** Whose account a body is about; its e-mail address unless told. */
  readonly account?: (body: unknown) => string | undefined;
}

/** Limits an operation per IP address and per account. */
export type Limit = (operation: string, options?: LimitOptions) => RequestHandler[];
