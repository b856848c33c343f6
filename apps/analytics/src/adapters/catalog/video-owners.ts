import { type catalogInternalContract } from '@kinora/contracts-catalog';
import { ApiProblem, type Client } from '@kinora/contracts-common';
import { LRUCache } from 'lru-cache';
import { type VideoOwners } from '../../domain/ports';

/** Asks catalog, and remembers its answer for some seconds. */
export function createVideoOwners(catalog: Pick<Client<typeof catalogInternalContract>, 'authorise'>): VideoOwners {
  const known = new LRUCache<string, { owner: string | undefined }>({ max: 5_000, ttl: 10_000 });
  return {
    async ownerOf(videoId) {
      const cached = known.get(videoId);
      if (cached) return cached.owner;
      const owner = await catalog.authorise({ params: { videoId } }).then(
        ({ ownerId }) => ownerId,
        (error: unknown) => {
          if (error instanceof ApiProblem && error.code === 'video.not_found') return undefined;
          throw error;
        },
      );
      known.set(videoId, { owner });
      return owner;
    },
  };
}
