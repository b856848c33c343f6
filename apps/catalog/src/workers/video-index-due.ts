import { videoIndexDue } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';
import { searchDocumentOf } from '../domain/search/document';
import { type SearchWriter } from '../domain/ports/search-index';
import { type VideoReader } from '../domain/ports/video-store';

/** Brings the outside index up to what the database says by now; the revision keeps a slow consumer from undoing a quick one's work. */
export const onVideoIndexDue = (videos: Pick<VideoReader, 'find'>, index: SearchWriter): EventHandler =>
  on(videoIndexDue, async ({ videoId, revision }) => {
    const video = await videos.find(videoId);
    if (video) await index.put([searchDocumentOf(video)]);
    else await index.remove(videoId, revision);
  });
