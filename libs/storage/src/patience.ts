import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { StoreUnavailable } from './errors';

const policy = retry(
  handleWhen((error) => error instanceof StoreUnavailable),
  // With jitter; some seconds in all. What is away for longer is the matter of whoever asked.
  { maxAttempts: 6, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 3_000 }) },
);

/** Repeats what a store refuses for the moment. Only for work that may be done twice. */
export const patiently = <T>(work: () => Promise<T>): Promise<T> => policy.execute(work);
