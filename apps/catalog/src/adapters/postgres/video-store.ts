import { type Database, type Knex } from '@kinora/database';
import { type VideoReader, type VideoStore } from '../../domain/ports/video-store';
import { type VideoEntry } from '../../domain/videos/video';
import { searchDocumentOf } from '../../domain/search/document';
import { type SearchFeed } from './search-feed';
import { replaceTranscript } from './transcripts';
import { type VideoRow, videoColumns, videoOf, videoValues } from './video-rows';

/**
 * Who has just made or changed something must be able to open it and to find it among their own, so both are read from the writer; lists of
 * everybody's may lag as a replica does.
 */
export const createVideoReader = (db: Pick<Database, 'reader' | 'writer'>): VideoReader => ({
  async find(id) {
    const row = await db
      .writer<VideoRow>('videos')
      .select(...videoColumns)
      .where({ id })
      .first();
    return row && videoOf(row);
  },
  async findMany(ids) {
    if (ids.length === 0) return [];
    return (
      await db
        .writer<VideoRow>('videos')
        .select(...videoColumns)
        .whereIn('id', ids)
    ).map(videoOf);
  },
  async list(viewer, filter, { before, limit }) {
    const own = viewer.userId !== null && filter.ownerId === viewer.userId;
    const query = (own ? db.writer : db.reader)<VideoRow>('videos')
      .select(...videoColumns)
      .orderBy('id', 'desc')
      .limit(limit);
    if (!viewer.admin)
      void query.where((either) => {
        void either.whereRaw("(visibility = 'public' and status in ('playable', 'ready'))");
        if (viewer.userId !== null) void either.orWhere('owner_id', viewer.userId);
      });
    if (filter.ownerId !== undefined) void query.where('owner_id', filter.ownerId);
    if (filter.status !== undefined) void query.where('status', filter.status);
    if (filter.visibility !== undefined) void query.where('visibility', filter.visibility);
    if (filter.channelId !== undefined) void query.where('channel_id', filter.channelId);
    if (filter.tag !== undefined) void query.whereRaw('tags @> ?::text[]', [[filter.tag]]);
    if (before !== undefined) void query.where('id', '<', before);
    return (await query).map(videoOf);
  },
});

export function createVideoStore(trx: Knex.Transaction, feed: SearchFeed): VideoStore {
  const locked = new Map<string, VideoEntry>();
  return {
    async lock(id) {
      const row = await trx<VideoRow>('videos')
        .select(...videoColumns)
        .where({ id })
        .forUpdate()
        .first();
      if (!row) return undefined;
      const video = videoOf(row);
      locked.set(id, video);
      return video;
    },
    async insert(video) {
      const added = await trx('videos')
        .insert({ id: video.id, ...videoValues(video) })
        .onConflict('id')
        .ignore()
        .returning('id');
      if (added.length > 0) await feed.changed(trx, searchDocumentOf(video));
      return added.length > 0;
    },
    async save(video) {
      const was = locked.get(video.id);
      if (!was) throw new Error('a video is written only while it is locked');
      const now = { ...video, revision: was.revision + 1 };
      await trx('videos').where({ id: video.id }).update(videoValues(now));
      locked.set(video.id, now);
      // Progress comes often, and is nothing that anyone searches for.
      const before = { ...searchDocumentOf(was), revision: now.revision };
      if (JSON.stringify(before) !== JSON.stringify(searchDocumentOf(now)))
        await feed.changed(trx, searchDocumentOf(now));
    },
    async replacePassages(video, passages) {
      const was = locked.get(video.id);
      if (!was) throw new Error('a transcript is replaced only while its video is locked');
      const now = { ...was, revision: was.revision + 1 };
      await trx('videos').where({ id: video.id }).update({ revision: now.revision });
      locked.set(video.id, now);
      await feed.spoken(trx, await replaceTranscript(trx, now, passages));
    },
    async remove(video) {
      await trx('webhook_deliveries').where({ video_id: video.id }).delete();
      await trx('videos').where({ id: video.id }).delete();
      await feed.removed(trx, video.id, video.revision + 1);
    },
  };
}
