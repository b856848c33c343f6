import { type AttemptResult } from '../ports/webhook-store';
import { type WebhookAnswer } from '../ports/webhook-sender';

/** Seconds until the next try after the first, second, … one: ten tries over three days, as Standard Webhooks recommends. */
export const DEFAULT_RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** A receiver may ask for patience, but not for ever. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;

export interface RetryPolicy {
  readonly seconds: readonly number[];
  /** Between 0 and 1; spreads the tries of many deliveries that failed together. */
  readonly random: () => number;
}

/**
 * What follows from an answer to try number `attempt`: 2xx is delivered; 410 means that the receiver wants no more, ever; all else,
 * redirects among it, is tried again after the next interval (plus up to a fifth) or what `Retry-After` asks, whichever is later.
 */
export function judge(answer: WebhookAnswer, attempt: number, now: Date, policy: RetryPolicy): AttemptResult {
  const { status } = answer;
  if (status !== null && status >= 200 && status < 300) return { status, error: null, next: { state: 'delivered' } };
  const error = status === null ? answer.error : `The receiver answered ${status}.`;
  if (status === 410) return { status, error, next: { state: 'failed', disable: 'The receiver answered 410 Gone.' } };
  const wait = policy.seconds[attempt - 1];
  if (wait === undefined) return { status, error, next: { state: 'failed' } };
  const asked = status === null ? 0 : Math.min(answer.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  const delay = Math.max(wait * 1_000 * (1 + 0.2 * policy.random()), asked);
  return { status, error, next: { state: 'pending', at: new Date(now.getTime() + Math.round(delay)) } };
}
