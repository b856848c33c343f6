import { type JWTVerifyGetKey, createRemoteJWKSet, errors } from 'jose';

export interface KeySetOptions {
  /** Milliseconds between two fetches for keys that are not known. */
  readonly cooldownMs?: number;
  /** Milliseconds after which the keys are fetched again although they serve. */
  readonly maxAgeMs?: number;
}

/** How long a failed first fetch stands for those who ask meanwhile. */
const FAILED_MS = 1_000;

/**
 * The keys at an address, by `kid`. A key that is not known is fetched at once, but never more often than the cool-down allows, whatever
 * tokens are sent. Known keys go on being used while they are renewed, and when their server is away.
 */
export function createKeySet(
  url: URL,
  { cooldownMs = 10_000, maxAgeMs = 600_000 }: KeySetOptions = {},
): JWTVerifyGetKey {
  // When to fetch is decided here: jose's own rules give up known keys when their server is away.
  const remote = createRemoteJWKSet(url, { cooldownDuration: Infinity, cacheMaxAge: Infinity });
  let triedAt = -Infinity;
  let failure: Error | undefined;

  const load = async (): Promise<void> => {
    if (!remote.reloading) triedAt = performance.now();
    try {
      await remote.reload();
      failure = undefined;
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  };

  return async (header, token) => {
    const since = performance.now() - triedAt;
    if (remote.jwks() === undefined) {
      if (failure !== undefined && since < FAILED_MS) throw failure;
      await load();
    } else if (since > maxAgeMs) {
      void load().catch(() => undefined);
    }
    try {
      return await remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || performance.now() - triedAt < cooldownMs) throw error;
      await load();
      return remote(header, token);
    }
  };
}
