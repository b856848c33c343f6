import { DomainError } from '@kinora/contracts-common';
import { type Metrics, timed } from '@kinora/service';
import {
  ConsecutiveBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  bulkhead,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  timeout,
  wrap,
} from 'cockatiel';
import { isMissing, isOutage } from './client';

/** What the library returns: a promise whose request can be ended. */
export interface Abortable<T> extends Promise<T> {
  abort(): void;
}

/** Calls of OpenSearch that can't hang the service. */
export interface Guard {
  <T>(operation: string, call: () => Abortable<T>): Promise<T>;
}

/** Seconds after which a client may ask again. */
const RETRY_AFTER = 5;
const FAILURES_IN_A_ROW = 5;
const PAUSE_MS = 2_000;

export const unavailable = (cause: unknown): DomainError =>
  new DomainError('unavailable', 'search.unavailable', 'Search is not available at the moment. Try again shortly.', {
    cause,
    retryAfter: RETRY_AFTER,
  });

/**
 * Ends a call when its time is up, lets so many at once, and after five failures in a row asks only every two seconds whether OpenSearch is
 * back. Every way of not getting an answer is `search.unavailable`.
 */
export function createGuard(
  metrics: Metrics,
  { timeoutMs, atOnce }: { readonly timeoutMs: number; readonly atOnce: number },
): Guard {
  // cockatiel 3.2.1's own `isTaskCancelledError` looks for the mark of another error.
  const lost = (error: unknown): boolean => isOutage(error) || error instanceof TaskCancelledError;
  const policy = wrap(
    bulkhead(atOnce, 0),
    circuitBreaker(handleWhen(lost), { halfOpenAfter: PAUSE_MS, breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW) }),
    timeout(timeoutMs, TimeoutStrategy.Aggressive),
  );
  return async (operation, call) => {
    try {
      return await timed(metrics, 'opensearch', operation, () =>
        policy.execute(({ signal }) => {
          const running = call();
          // The library's promise must not be returned: an event target would take its failure for its own.
          signal.addEventListener('abort', () => void running.abort(), { once: true });
          return running;
        }),
      );
    } catch (error) {
      const cut = isBrokenCircuitError(error) || isBulkheadRejectedError(error) || lost(error) || isMissing(error);
      throw cut ? unavailable(error) : error;
    }
  };
}
