import { type Video, type Visibility } from '@kinora/contracts-catalog';
import { api } from '../api/client';
import { isProblem } from '../api/problems';
import { parseTags } from './tags';

/** What the edit form holds; tags as they are typed. */
export interface Draft {
  readonly title: string;
  readonly description: string;
  readonly tags: string;
  readonly visibility: Visibility;
}

export const draftOf = (video: Video): Draft => ({
  title: video.title,
  description: video.description,
  tags: video.tags.join(', '),
  visibility: video.visibility,
});

const sameDraft = (a: Video, b: Video) => JSON.stringify(draftOf(a)) === JSON.stringify(draftOf(b));

/** Somebody else edited the same fields in the meantime. */
export class EditConflict extends Error {
  override name = 'EditConflict';
  constructor(readonly current: Video) {
    super('This video was changed by somebody else meanwhile.');
  }
}

/**
 * Saves a draft that began from `base`. Encoding moves a video's version too; only a change of the edited fields is a
 * conflict, and rejects with {@link EditConflict}.
 */
export async function saveVideo(base: Video, draft: Draft): Promise<Video> {
  let { version } = base;
  for (;;) {
    try {
      return await api.videos.updateVideo({
        params: { videoId: base.id },
        body: { ...draft, tags: parseTags(draft.tags), version },
      });
    } catch (error) {
      if (!isProblem(error, 'video.conflict')) throw error;
      const current = await api.videos.getVideo({ params: { videoId: base.id } });
      if (!sameDraft(current, base) || current.version === version) throw new EditConflict(current);
      version = current.version;
    }
  }
}
