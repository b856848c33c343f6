import { DomainError } from '@kinora/contracts-common';
import { type Encoding } from './encoding';
import { type EndDeps, stopEncoding } from './fail-encoding';

/** Stops an encoding. Stopping a stopped one again is fine. */
export const cancelEncoding =
  (deps: EndDeps) =>
  async (encoding: Encoding): Promise<Encoding> => {
    const stopped = await stopEncoding(deps, encoding.id);
    const now = stopped?.encoding ?? encoding;
    if (now.state !== 'cancelled')
      throw new DomainError('conflict', 'encoding.finished', 'The encoding is finished; there is nothing to stop.');
    return now;
  };
