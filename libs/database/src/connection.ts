import { ConfigError } from '@kinora/service';
import { readFileSync } from 'node:fs';
import { type ClientConfig } from 'pg';
import { createTokens } from './iam';

/** The settings of `databaseShape` (libs/service) that a connection is made from. */
export interface ConnectionSettings {
  readonly DATABASE_SSL?: 'disable' | 'require' | 'verify-full' | undefined;
  readonly DATABASE_CA_FILE?: string | undefined;
  readonly DATABASE_AUTH?: 'password' | 'iam' | undefined;
  readonly DATABASE_STATEMENT_TIMEOUT_MS?: number | undefined;
  readonly DATABASE_LOCK_TIMEOUT_MS?: number | undefined;
  readonly DATABASE_IDLE_TRANSACTION_TIMEOUT_MS?: number | undefined;
}

/** As libpq's `sslmode`: `require` encrypts and trusts anyone, `verify-full` wants a certificate for this very host. */
function tlsOf({ DATABASE_SSL, DATABASE_CA_FILE }: ConnectionSettings): ClientConfig['ssl'] {
  if (DATABASE_SSL === undefined || DATABASE_SSL === 'disable') return false;
  if (DATABASE_SSL === 'require') return { rejectUnauthorized: false };
  return DATABASE_CA_FILE === undefined ? true : { ca: caOf(DATABASE_CA_FILE), rejectUnauthorized: true };
}

function caOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`DATABASE_CA_FILE: can't be read`, { cause });
  }
}

/**
 * How every connection of a service is opened.
 * @throws {ConfigError} when IAM tokens would go over the wire in the clear, or when the URL asks for something that is not read
 */
export function connectionOf(settings: ConnectionSettings, url: string): ClientConfig {
  const { hostname, port, username, password, pathname, search } = new URL(url);
  // Passing over `?sslmode=…` in silence would be worse than not starting.
  if (search !== '') throw new ConfigError('a database URL has nothing after "?": use DATABASE_SSL and its like');
  const iam = settings.DATABASE_AUTH === 'iam';
  const ssl = tlsOf(settings);
  if (iam && ssl === false) throw new ConfigError('DATABASE_AUTH=iam needs DATABASE_SSL=require or verify-full');
  const target = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || '5432'),
    user: decodeURIComponent(username),
  };
  return {
    ...target,
    database: decodeURIComponent(pathname.slice(1)),
    // Asked for by each new connection: a token is good for opening one within a quarter of an hour.
    password: iam ? createTokens(target) : decodeURIComponent(password),
    ssl,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    statement_timeout: settings.DATABASE_STATEMENT_TIMEOUT_MS ?? 15_000,
    lock_timeout: settings.DATABASE_LOCK_TIMEOUT_MS ?? 5_000,
    idle_in_transaction_session_timeout: settings.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS ?? 30_000,
  };
}
