import { videoIndexDue } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';
import { type SearchSource, type SearchWriter } from '../domain/ports/search-index';

/**
 * Brings the outside index up to what the database says by now; the revision keeps a slow consumer from undoing a quick one's work. Reading
 * comes before writing: an index whose building begins in between is filled with what was read here, or newer.
 */
export const onVideoIndexDue = (source: Pick<SearchSource, 'find'>, index: SearchWriter): EventHandler =>
  on(videoIndexDue, async ({ videoId, revision, passages }) => {
    const now = await source.find(videoId);
    if (!now) return index.remove(videoId, revision);
    const refused = [
      ...(await index.put([now.document])),
      ...(passages ? await index.putTranscripts([now.transcript]) : []),
    ];
    if (refused[0]) throw new Error(`the index refused ${videoId}: ${refused[0].reason}`);
  });
