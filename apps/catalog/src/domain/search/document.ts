import { type SearchDocument } from '../ports/search-index';
import { statusOf } from '../videos/pipeline';
import { type VideoEntry } from '../videos/video';
import { lengthOf } from './length';

/** What the search index is told of a video. */
export const searchDocumentOf = (video: VideoEntry): SearchDocument => ({
  videoId: video.id,
  ownerId: video.ownerId,
  visibility: video.visibility,
  status: statusOf(video.pipeline),
  channelId: video.channelId,
  length: lengthOf(video.pipeline.encoding?.facts?.durationMs),
  title: video.title,
  description: video.description,
  tags: video.tags,
  revision: video.revision,
});
