/** What went wrong, in terms a transport can map: HTTP statuses are derived from it in one place (libs/service). */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable';

export interface ErrorDetails {
  readonly cause?: unknown;
  /** Fields at fault, for `invalid`. */
  readonly errors?: readonly { field: string; message: string }[];
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  /** How to go on when one more step is asked for. */
  readonly challenge?: { readonly session: string; readonly expiresIn: number };
}

/** An expected failure with a stable code and one sentence that a person may read. Anything else that is thrown is a bug or an outage. */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly errors: readonly { field: string; message: string }[] | undefined;
  readonly retryAfter: number | undefined;
  readonly challenge: ErrorDetails['challenge'];
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.errors = details.errors;
    this.retryAfter = details.retryAfter;
    this.challenge = details.challenge;
  }
}

export const notFound = (code: string, message: string): DomainError => new DomainError('not_found', code, message);
export const forbidden = (message = 'You may not do this.'): DomainError =>
  new DomainError('forbidden', 'auth.forbidden', message);
export const unauthenticated = (message = 'Sign in, or send an API key.'): DomainError =>
  new DomainError('unauthenticated', 'auth.required', message);
