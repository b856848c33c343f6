import { DomainError } from '@kinora/contracts-common';
import { type Encoding } from './encoding';
import { type AttemptDeps, nextAttempt } from './next-attempt';

/** Encodes a ready video again, by the rules of today. What is published stays so until the new encoding is ready. */
export const encodeAgain =
  (deps: AttemptDeps) =>
  async (encoding: Encoding): Promise<Encoding> => {
    if (encoding.state !== 'ready')
      throw new DomainError('conflict', 'encoding.not_ready', 'Only a video that is ready can be encoded again.');
    return nextAttempt(deps, encoding);
  };
