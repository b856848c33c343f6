import pino, { type Logger } from 'pino';
import { currentContext } from './context';

export type { Logger } from 'pino';

/** Header names and fields whose values never reach a log. */
const secrets = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'sessionToken',
  '*.authorization',
  '*.cookie',
  '*.password',
  '*.secret',
  '*.token',
  '*.accessToken',
  '*.refreshToken',
  '*.sessionToken',
];

/** What every line of a piece of work has; the trace by its ids, as tools that show both expect. */
function contextOfLine(): object {
  const { traceparent, ...context } = currentContext() ?? {};
  if (traceparent === undefined) return context;
  const [, traceId, spanId] = traceparent.split('-');
  return { ...context, traceId, spanId };
}

/** JSON lines on stdout; every line carries the service and, inside a request or a job, its request id. */
export const createLogger = (service: string, level = 'info'): Logger =>
  pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secrets, censor: '[redacted]' },
    mixin: contextOfLine,
  });

/** A request's path as it may be logged: the grant in the path of media is a credential. */
export const loggablePath = (path: string): string => path.replace(/^\/t\/[^/]+/, '/t/[redacted]');
