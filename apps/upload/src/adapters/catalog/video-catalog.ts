import { type catalogInternalContract } from '@kinora/contracts-catalog';
import { ApiProblem, type Client, DomainError, notFound } from '@kinora/contracts-common';
import { type VideoCatalog } from '../../domain/ports';

const refusals: Record<string, () => DomainError> = {
  'video.not_found': () => notFound('video.not_found', 'There is no such video.'),
  'video.not_draft': () => new DomainError('conflict', 'video.not_draft', 'This video has a file already.'),
};

/** Catalog's internal REST as the port. */
export const createVideoCatalog = (
  catalog: Pick<Client<typeof catalogInternalContract>, 'registerUpload' | 'describeVideo'>,
): VideoCatalog => ({
  async register({ videoId, tags, ...body }) {
    try {
      await catalog.registerUpload({ params: { videoId }, body: { ...body, ...(tags && { tags: [...tags] }) } });
    } catch (error) {
      throw (error instanceof ApiProblem ? refusals[error.code]?.() : undefined) ?? error;
    }
  },
  async describe(videoId, { tags, ...details }) {
    try {
      await catalog.describeVideo({ params: { videoId }, body: { ...details, ...(tags && { tags: [...tags] }) } });
      return 'described';
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : undefined;
      if (code === 'video.conflict') return 'edited';
      if (code === 'video.not_found') return 'gone';
      throw error;
    }
  },
});
