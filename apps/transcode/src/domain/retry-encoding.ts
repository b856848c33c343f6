import { DomainError } from '@kinora/contracts-common';
import { type Encoding } from './encoding';
import { type AttemptDeps, nextAttempt } from './next-attempt';

/** Encodes the same source again after a failure or a stop. */
export const retryEncoding =
  (deps: AttemptDeps) =>
  async (encoding: Encoding): Promise<Encoding> => {
    if (encoding.state !== 'failed' && encoding.state !== 'cancelled')
      throw new DomainError(
        'conflict',
        'encoding.not_failed',
        'Only an encoding that failed or was stopped can be tried again.',
      );
    return nextAttempt(deps, encoding);
  };
