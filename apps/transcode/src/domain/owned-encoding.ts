import { type Person, notFound } from '@kinora/contracts-common';
import { type Encoding } from './encoding';
import { type Encodings } from './ports';

/** Who owns a video; undefined if there is no such video. Catalog knows. */
export type OwnerOf = (videoId: string) => Promise<string | undefined>;

/** The newest encoding of a video that the caller owns or, as an admin, may manage. What is somebody else's does not exist. */
export const ownedEncoding =
  (deps: { encodings: Encodings; ownerOf: OwnerOf }) =>
  async (caller: Person, videoId: string): Promise<Encoding> => {
    const ownerId = await deps.ownerOf(videoId);
    if (ownerId === undefined || (ownerId !== caller.userId && !caller.roles.includes('admin')))
      throw notFound('video.not_found', 'There is no such video.');
    const encoding = await deps.encodings.newestOf(videoId);
    if (!encoding) throw notFound('encoding.not_found', 'This video has not been encoded yet.');
    return encoding;
  };
