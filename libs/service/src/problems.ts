import { ApiProblem, DomainError, type ErrorKind, type Problem } from '@kinora/contracts-common';
import { type ErrorRequestHandler } from 'express';
import { STATUS_CODES } from 'node:http';
import { type ZodError } from 'zod';
import { currentContext } from './context';
import { type Logger, loggablePath } from './logger';

const statusOf: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported: 415,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
};

/** The fields that a schema refused, as `body.size`. */
export const fieldsOf = (error: ZodError, part: string) =>
  error.issues.map((issue) => ({ field: [part, ...issue.path.map(String)].join('.'), message: issue.message }));

/** Errors of body-parser and Express itself carry a client status; their texts are safe to show. */
const isHttpError = (error: unknown): error is Error & { status: number; type?: string } =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;

/** Connection-level failures of pools and back ends: the caller may try again. */
const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  // A statement, a lock or a transaction that waited longer than it may.
  '55P03',
  '57014',
  '25P03',
  // Two were in each other's way, or a replica had to go on: the same again may work.
  '40001',
  '40P01',
  '08006',
  '08001',
  'store.unavailable',
]);
/** A wait that was cut (pool, fetch), and cockatiel's answer while a breaker is open. */
const outageNames = new Set(['KnexTimeoutError', 'TimeoutError']);
/** How pg says that a server did not answer a new connection, or closed one: it has no code for either. */
const outageMessages = new Set(['timeout expired', 'Connection terminated', 'Connection terminated unexpectedly']);
// Not `instanceof`: errors of sockets and of fetch may stem from another realm than this module (Jest runs tests in one of their own).
const isOutage = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  (('code' in error && unavailableCodes.has(String(error.code))) ||
    ('name' in error && outageNames.has(String(error.name))) ||
    ('message' in error && outageMessages.has(String(error.message))) ||
    'isBrokenCircuitError' in error ||
    ('cause' in error && isOutage(error.cause)));

interface Mapped {
  readonly problem: Problem;
  readonly retryAfter?: number;
}

/** The one place where an error becomes an RFC 9457 document. What is not expected becomes a 500 that says nothing of the inside. */
export function problemOf(error: unknown): Mapped {
  const requestId = currentContext()?.requestId;
  const make = (status: number, code: string, detail?: string, errors?: Problem['errors']): Problem => ({
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...(requestId !== undefined && { requestId }),
    ...(errors && { errors }),
  });
  if (error instanceof DomainError) {
    const status = statusOf[error.kind];
    return {
      problem: {
        ...make(status, error.code, error.message, error.errors && [...error.errors]),
        ...(error.challenge && { challenge: error.challenge }),
      },
      ...(error.retryAfter !== undefined ? { retryAfter: error.retryAfter } : status === 503 && { retryAfter: 2 }),
    };
  }
  if (isHttpError(error)) {
    const code = error.type === 'entity.too.large' ? 'request.too_large' : 'request.malformed';
    return {
      problem: make(error.status, code, error.status === 400 ? 'The request could not be read.' : error.message),
    };
  }
  // Another service could not help: its own reason is for the log, not for the caller.
  if (error instanceof ApiProblem || isOutage(error)) {
    return {
      problem: make(503, 'service.unavailable', 'A part of the platform is not available. Try again shortly.'),
      retryAfter: 2,
    };
  }
  return { problem: make(500, 'internal', 'Something went wrong on our side.') };
}

export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { problem, retryAfter } = problemOf(error);
    if (problem.status >= 500)
      logger.error(
        { err: error, code: problem.code, method: req.method, path: loggablePath(req.path) },
        'request failed',
      );
    else logger.debug({ code: problem.code, method: req.method, path: loggablePath(req.path) }, 'request refused');
    if (retryAfter !== undefined) res.setHeader('retry-after', String(retryAfter));
    if (problem.status === 401) res.setHeader('www-authenticate', 'Bearer');
    res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}
