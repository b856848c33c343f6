import { type catalogInternalContract } from '@kinora/contracts-catalog';
import { ApiProblem, type Client } from '@kinora/contracts-common';
import { type OwnerOf } from '../domain/owned-encoding';

/** Asks catalog whose a video is. */
export const createOwnerOf =
  (catalog: Pick<Client<typeof catalogInternalContract>, 'authorise'>): OwnerOf =>
  async (videoId) => {
    try {
      return (await catalog.authorise({ params: { videoId } })).ownerId;
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'video.not_found') return undefined;
      throw error;
    }
  };
