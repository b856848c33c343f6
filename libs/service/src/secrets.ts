import { type Environment } from './config';
import { type Logger } from './logger';

/** `secretsmanager://{id or ARN}`, and `#field` where the secret is JSON and one member of it is meant. */
const PREFIX = 'secretsmanager://';

/** Reads the current text of a secret. */
export type FetchSecret = (id: string) => Promise<string>;

const isReference = (value: string | undefined): value is string => value?.startsWith(PREFIX) === true;

const problems = new WeakMap<Environment, ReadonlyMap<string, string>>();
/** What went wrong with the secrets of a resolved environment, by variable. Says nothing of their values. */
export const secretProblems = (env: Environment): ReadonlyMap<string, string> => problems.get(env) ?? new Map();

/** AWS Secrets Manager; loaded only where a variable points there. `SECRETS_ENDPOINT` names another server that speaks its API. */
function secretsManager(endpoint: string | undefined): { fetch: FetchSecret; close(): void } {
  const connecting = import('@aws-sdk/client-secrets-manager').then(
    ({ SecretsManagerClient, GetSecretValueCommand }) => ({
      client: new SecretsManagerClient(endpoint ? { endpoint } : {}),
      GetSecretValueCommand,
    }),
  );
  return {
    async fetch(id) {
      const { client, GetSecretValueCommand } = await connecting;
      const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: id }));
      return SecretString ?? Buffer.from(SecretBinary ?? []).toString('utf8');
    },
    close: () => void connecting.then(({ client }) => client.destroy()),
  };
}

/** @throws Error with a sentence for the operator, which never repeats what the secret says */
function memberOf(text: string, field: string | undefined): string {
  if (field === undefined) return text;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the secret is not JSON, so it has no fields');
  }
  const value = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[field] : undefined;
  if (value === undefined || value === null) throw new Error(`the secret has no field ${field}`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The environment with every reference to a secret replaced by what the secret says now. A variable whose secret can't be
 * read is left out, and reported by `loadConfig` with all else that is wrong. Without references it is the same object.
 */
export async function resolveSecrets(env: Environment = process.env, fetchSecret?: FetchSecret): Promise<Environment> {
  const references = Object.entries(env).filter(([, value]) => isReference(value));
  if (references.length === 0) return env;
  const manager = fetchSecret
    ? { fetch: fetchSecret, close: () => undefined }
    : secretsManager(env['SECRETS_ENDPOINT']);
  // Variables that point to one secret see one version of it: a key and its id change together.
  const texts = new Map<string, Promise<string>>();
  const textOf = (id: string): Promise<string> => {
    const text = texts.get(id) ?? manager.fetch(id);
    texts.set(id, text);
    return text;
  };
  const resolved: Record<string, string | undefined> = { ...env };
  const wrong = new Map<string, string>();
  await Promise.all(
    references.map(async ([name, value = '']) => {
      const [id = '', field] = value.slice(PREFIX.length).split('#', 2);
      delete resolved[name];
      const text = await textOf(id).catch((error: unknown) => {
        const reason = error instanceof Error ? error.name : 'unknown error';
        wrong.set(name, `the secret ${id} can’t be read (${reason})`);
      });
      if (text === undefined) return;
      try {
        resolved[name] = memberOf(text, field);
      } catch (error) {
        wrong.set(name, (error as Error).message);
      }
    }),
  );
  manager.close();
  problems.set(resolved, wrong);
  return resolved;
}

let current: Environment = process.env;
/** The environment that configurations are read from: the process's, secrets in their place once {@link useSecrets} has run. */
export const environment = (): Environment => current;

/** Puts secrets in their place before a service reads its configuration. The process's own environment stays as it is. */
export async function useSecrets(): Promise<void> {
  current = await resolveSecrets(process.env);
}

/** Reads a configuration anew, with what its secrets say by now. */
export type Reread<C> = () => Promise<C>;

/** Undefined when no variable points to a secret: then nothing can have changed. */
export const rereading = <C>(load: (env: Environment) => C, env: Environment = process.env): Reread<C> | undefined =>
  Object.values(env).some(isReference) ? async () => load(await resolveSecrets(env)) : undefined;

/**
 * Reads the configuration again and again, so that rotated keys arrive without a restart. A reading that fails, or that
 * `onRead` can't take, changes nothing and is told; the next one may do better.
 */
export function startRereading<C>(
  reread: Reread<C>,
  seconds: number,
  logger: Logger,
  onRead: (config: C) => unknown,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const next = (): void => {
    if (!closed) timer = setTimeout(() => void read(), seconds * 1_000).unref();
  };
  const read = async (): Promise<void> => {
    try {
      await onRead(await reread());
    } catch (err) {
      logger.warn({ err }, 'the secrets could not be read again; what is known stays in force');
    }
    next();
  };
  next();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
