import { type Person, notFound } from '@kinora/contracts-common';
import { type VideoOwners } from './ports';

export type AuthoriseReader = (caller: Person, videoId: string) => Promise<void>;

/**
 * Lets the owner of a video and admins at its numbers.
 * @throws DomainError `video.not_found` for everybody else: to them there is nothing.
 */
export const createAuthoriseReader =
  (owners: VideoOwners): AuthoriseReader =>
  async (caller, videoId) => {
    const owner = await owners.ownerOf(videoId);
    if (owner === undefined || (owner !== caller.userId && !caller.roles.includes('admin')))
      throw notFound('video.not_found', 'There is no such video.');
  };
