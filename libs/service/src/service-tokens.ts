import { authInternalContract } from '@kinora/contracts-auth';
import { type Contract, type Client, ApiProblem, createClient } from '@kinora/contracts-common';
import { ConsecutiveBreaker, ExponentialBackoff, circuitBreaker, handleWhen, retry, wrap } from 'cockatiel';
import { currentContext } from './context';
import { type Metrics, timed } from './metrics';
import { traced } from './tracing';

/** Short-lived tokens that this service shows to the others. */
export interface ServiceTokens {
  get(): Promise<string>;
}

/** Gets tokens from auth in exchange for the service's secret, one per process, renewed at 80 % of its life. */
export function createServiceTokens(
  settings: { KINORA_AUTH_URL: string; KINORA_SERVICE_SECRET: string },
  service: string,
): ServiceTokens {
  const auth = createClient(authInternalContract, settings.KINORA_AUTH_URL, { timeoutMs: 5_000 });
  let current: { token: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;
  const renew = async (): Promise<string> => {
    const { token, expiresIn } = await auth.issueServiceToken({
      body: { service, secret: settings.KINORA_SERVICE_SECRET },
    });
    current = { token, renewAt: Date.now() + expiresIn * 800 };
    return token;
  };
  return {
    async get() {
      if (current && current.renewAt > Date.now()) return current.token;
      pending ??= renew().finally(() => (pending = undefined));
      return pending;
    },
  };
}

/** Worth another try: nobody answered, or the answer says so. */
const transient = (error: Error): boolean =>
  !(error instanceof ApiProblem) || [429, 502, 503, 504].includes(error.status);

/**
 * The typed client of another service: its token, the request id, three tries with jitter and a breaker. Every endpoint that it is used
 * for must be safe to repeat (the internal contracts are).
 */
export function createServiceClient<const C extends Contract>(
  contract: C,
  baseUrl: string,
  { tokens, metrics, name }: { tokens: ServiceTokens; metrics: Metrics; name: string },
): Client<C> {
  const policy = wrap(
    retry(handleWhen(transient), {
      maxAttempts: 3,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
    }),
    circuitBreaker(handleWhen(transient), { halfOpenAfter: 2_000, breaker: new ConsecutiveBreaker(10) }),
  );
  const client = createClient(contract, baseUrl, {
    headers: async () => {
      const { requestId, traceparent } = currentContext() ?? {};
      return {
        authorization: `Bearer ${await tokens.get()}`,
        ...(requestId !== undefined && { 'x-request-id': requestId }),
        ...(traceparent !== undefined && { traceparent }),
      };
    },
  });
  type Call = (sent: object, options?: object) => Promise<unknown>;
  return Object.fromEntries(
    Object.entries(client as Record<string, Call>).map(([operation, call]) => [
      operation,
      (sent: object, options?: object) =>
        timed(metrics, name, operation, () =>
          traced(`${name} ${operation}`, { kind: 'client' }, () => policy.execute(() => call(sent, options))),
        ),
    ]),
  ) as Client<C>;
}
