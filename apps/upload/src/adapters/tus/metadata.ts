import { DomainError, VideoId } from '@kinora/contracts-common';
import { z } from 'zod';
import { type Wish } from '../../domain/create-upload';

const text = z.string().nullish();
const Known = z.object({
  filename: text,
  name: text,
  filetype: text,
  type: text,
  title: text,
  visibility: z.enum(['private', 'unlisted', 'public']).nullish(),
  videoId: VideoId.nullish(),
});

/** What Kinora reads of `Upload-Metadata`: filename, filetype (or name and type), title, visibility, videoId. */
export function readWish(metadata: unknown): Omit<Wish, 'size'> {
  const parsed = Known.safeParse(metadata ?? {});
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new DomainError('invalid', 'request.invalid', `Upload-Metadata does not fit: ${fields.join(', ')}`);
  }
  const { filename, name, filetype, type, title, visibility, videoId } = parsed.data;
  return {
    filename: (filename ?? name ?? 'video').slice(0, 255),
    contentType: filetype ?? type ?? 'application/octet-stream',
    ...(title && { title: title.slice(0, 200) }),
    ...(visibility && { visibility }),
    ...(videoId && { videoId }),
  };
}
