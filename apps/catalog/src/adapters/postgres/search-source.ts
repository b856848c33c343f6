import { type Knex } from '@kinora/database';
import { type SearchSource } from '../../domain/ports/search-index';
import { searchDocumentOf } from '../../domain/search/document';
import { transcriptsOf } from './transcripts';
import { type VideoRow, videoColumns, videoOf } from './video-rows';

/** The record as a search index is told of it. Read from the writer: a replica that lags would put back what was just removed. */
export const createSearchSource = (writer: Knex): SearchSource => ({
  async page(after, limit) {
    const query = writer<VideoRow>('videos')
      .select(...videoColumns)
      .orderBy('id')
      .limit(limit);
    const videos = (await (after === undefined ? query : query.where('id', '>', after))).map(videoOf);
    // Transcripts after the videos: they may be newer than the revision they are written under, never older.
    return { documents: videos.map(searchDocumentOf), transcripts: await transcriptsOf(writer, videos) };
  },
  async find(videoId) {
    const row = await writer<VideoRow>('videos')
      .select(...videoColumns)
      .where({ id: videoId })
      .first();
    if (!row) return undefined;
    const video = videoOf(row);
    const [transcript] = await transcriptsOf(writer, [video]);
    return {
      document: searchDocumentOf(video),
      transcript: transcript ?? { videoId, revision: video.revision, passages: [], mostEver: 0 },
    };
  },
});
