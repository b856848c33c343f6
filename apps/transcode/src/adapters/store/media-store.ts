import { cacheControl, layout } from '@kinora/delivery';
import { dashManifest, hlsMedia, hlsMultivariant } from '@kinora/media';
import { type ObjectStore, contentTypeOf, patiently } from '@kinora/storage';
import { type MediaStore } from '../../domain/ports';

/** The distribution store behind the domain's port. */
export function createMediaStore(store: ObjectStore): MediaStore {
  const write = (key: string, text: string, closed: boolean) =>
    patiently(() =>
      store.put(key, Buffer.from(text), {
        contentType: contentTypeOf(key),
        cacheControl: closed ? cacheControl.closedManifest : cacheControl.openManifest,
      }),
    );

  return {
    async writeManifests({ videoId, encodingId, tracks, startedAt, now, expectedSeconds }) {
      const { complete } = tracks;
      await Promise.all(
        [...tracks.video, ...tracks.audio].map((track) =>
          write(layout.playlist(videoId, encodingId, track.id), hlsMedia(track, complete), complete),
        ),
      );
      const clock = { startedAt, publishedAt: now, ...(expectedSeconds !== undefined && { expectedSeconds }) };
      await Promise.all([
        write(layout.hls(videoId, encodingId), hlsMultivariant(tracks), complete),
        write(layout.dash(videoId, encodingId), dashManifest(tracks, clock), complete),
      ]);
    },
    exists: async (key) => (await store.head(key)) !== undefined,
    async files(folder) {
      const files = new Map<string, number>();
      for await (const { key, size } of store.list(folder)) files.set(key.slice(folder.length), size);
      return files;
    },
    async read(key, range) {
      const { body } = await store.get(
        key,
        range && { range: { start: range.start, end: range.start + range.length - 1 } },
      );
      return Buffer.concat((await body.toArray()) as Buffer[]);
    },
    copy: async (from, to) =>
      void (await store.copyFrom(store, from, to, {
        contentType: contentTypeOf(to),
        cacheControl: cacheControl.immutable,
      })),
    removePrefix: (prefix) => store.deletePrefix(prefix),
  };
}
