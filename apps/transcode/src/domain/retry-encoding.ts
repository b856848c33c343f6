import { DomainError, newId, notFound } from '@kinora/contracts-common';
import { type Encoding } from './encoding';
import { type EndDeps } from './fail-encoding';

/** Encodes the same source again, as a new encoding: keys of media are never written twice with other bytes. */
export const retryEncoding =
  (deps: EndDeps) =>
  async ({ state, videoId, uploadId, attempt, ownerId, sourceKey }: Encoding): Promise<Encoding> => {
    if (state !== 'failed' && state !== 'cancelled')
      throw new DomainError(
        'conflict',
        'encoding.not_failed',
        'Only an encoding that failed or was stopped can be tried again.',
      );
    // Of two who ask at once, both get the one that was added.
    const added = await deps.encodings.add({
      ...{ id: newId('enc'), videoId, uploadId, attempt: attempt + 1, ownerId, sourceKey },
      createdAt: deps.now(),
    });
    if (!added) throw notFound('video.not_found', 'There is no such video.');
    deps.background('start', () => deps.jobs.start(added));
    return added;
  };
