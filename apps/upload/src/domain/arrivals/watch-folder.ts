import { DomainError, newId } from '@kinora/contracts-common';
import { type ObjectStore } from '@kinora/storage';
import { type FileLimits, acceptFile, titleFrom } from '../accepted-file';
import { type CompleteUpload } from '../complete-upload';
import { layOut } from '../part-layout';
import { type NewUpload, type UploadRepository, type VideoCatalog } from '../ports';
import { type Upload, sourceKey } from '../upload';
import { type Arrival, type Outcome, ignored, refused } from './arrival';
import { type FoundSidecar, type Watched, type WatchedBucket, type WatchedObjects } from './ports';

export interface WatchParts {
  readonly uploads: Pick<UploadRepository, 'beginCompleting' | 'end' | 'find'>;
  readonly watched: WatchedObjects;
  readonly bucket: WatchedBucket;
  readonly raw: Pick<ObjectStore, 'head' | 'delete'>;
  readonly catalog: VideoCatalog;
  readonly completion: Pick<CompleteUpload, 'complete'>;
  readonly limits: FileLimits;
  readonly partBytes: number;
  readonly ttlSeconds: number;
  /** Whose videos they are, unless the sidecar says otherwise. */
  readonly ownerId: string;
}

const bare = (etag: string): string => etag.replace(/^"|"$/g, '');
const hasEnded = ({ state }: Upload): boolean => state === 'aborted' || state === 'expired';

export type WatchFolder = ReturnType<typeof createWatchFolder>;

/**
 * Makes videos of objects that people put into the bucket by hand. Each step can be repeated, and is by a redelivered event: the row of the
 * arrival leads to its upload, and the upload's state and the stores tell where an earlier attempt stopped.
 */
export function createWatchFolder(parts: WatchParts) {
  const { uploads, watched, bucket, raw, catalog, completion } = parts;

  const uploadOf = (key: string, size: number, contentType: string): NewUpload => {
    const file = acceptFile(
      { filename: key, size, contentType: contentType || 'application/octet-stream' },
      parts.limits,
    );
    return {
      ...file,
      ...layOut(size, parts.partBytes),
      id: newId('upl'),
      videoId: newId('vid'),
      ownerId: parts.ownerId,
      protocol: 'watch',
      checksum: undefined,
      metadata: undefined,
      expiresAt: new Date(Date.now() + parts.ttlSeconds * 1_000),
      takesDraft: false,
    };
  };

  /** The row comes first, then the look for a sidecar: one that was not there yet finds the row (see `takeSidecar`). */
  const register = async (key: string, found: Watched): Promise<FoundSidecar> => {
    const { sidecar: seen, problem } = found.noted ? {} : await bucket.sidecarOf(key);
    const { upload, sidecar } = found.noted ? found : (await watched.note(found.upload.id, seen)).now;
    await catalog.register({
      videoId: upload.videoId,
      uploadId: upload.id,
      ownerId: upload.ownerId,
      title: sidecar?.title ?? titleFrom(upload.filename),
      existing: false,
      ...(sidecar?.description !== undefined && { description: sidecar.description }),
      ...(sidecar?.tags !== undefined && { tags: sidecar.tags }),
      ...(sidecar?.visibility !== undefined && { visibility: sidecar.visibility }),
    });
    return { ...(sidecar && { sidecar }), ...(problem !== undefined && { problem }) };
  };

  /** Whether the bytes are in the raw store now, all of them. */
  const bringToRaw = async (key: string, upload: Upload): Promise<boolean> => {
    const arrived = async () => (await raw.head(sourceKey(upload)))?.size === upload.size;
    if (await arrived()) return true;
    return (await bucket.copyToRaw(key, sourceKey(upload))) && (await arrived());
  };

  /** Nothing comes of it (any more). */
  const giveUp = async (upload: Upload, code: string): Promise<Outcome> => {
    await uploads.end(upload.id, 'open', 'aborted');
    // Seen is only what has its bytes: another delivery got that far in this moment, and the source is its.
    if (await uploads.find(upload.id))
      throw new DomainError('unavailable', 'watch.contended', 'Another delivery of the event is further.');
    await raw.delete(sourceKey(upload));
    await watched.settle(upload.id);
    return ignored(code);
  };

  const bring = async (key: string, etag: string, found: Watched): Promise<Outcome> => {
    const { upload } = found;
    if (hasEnded(upload)) return giveUp(upload, 'watch.ended');
    let { sidecar, problem }: FoundSidecar = { ...(found.sidecar && { sidecar: found.sidecar }) };
    if (upload.state === 'open') {
      ({ sidecar, problem } = await register(key, found));
      const came = await bringToRaw(key, upload);
      if (!came || !(await uploads.beginCompleting(upload.id, []))) {
        // Another delivery of the event was faster, or the video was deleted, or the object was removed or replaced under our hands.
        if (!(await uploads.find(upload.id))) return giveUp(upload, came ? 'watch.ended' : 'watch.gone');
      }
    }
    await completion.complete(upload.id);
    await bucket.remove(key, etag);
    if (sidecar) await bucket.removeSidecarOf(key);
    await watched.settle(upload.id);
    return { result: 'taken', uploadId: upload.id, code: problem };
  };

  return {
    /** @throws `upload.type_refused`, `upload.too_large`, `upload.empty` */
    async takeMedia(arrival: Arrival): Promise<Outcome> {
      const { key, etag } = arrival;
      const known = await watched.find(arrival);
      if (known) return known.settled ? ignored('watch.taken_before') : bring(key, etag, known);
      const object = await bucket.head(key);
      // Taken already, removed, or replaced; what replaced it has an event of its own.
      if (!object || bare(object.etag) !== etag) return ignored('watch.gone');
      return bring(key, etag, await watched.begin(arrival, uploadOf(key, object.size, object.contentType)));
    },
    /**
     * A sidecar that was there when its object was taken has been read then. One that comes later describes the newest video of that name
     * that came without; when there is none, it waits for the next object. `key`: the object's.
     */
    async takeSidecar(key: string): Promise<Outcome> {
      const newest = await watched.newest(key);
      if (!newest || (newest.noted && newest.sidecar)) return ignored('watch.sidecar_waits');
      if (hasEnded(newest.upload)) return ignored('watch.ended');
      const { sidecar, problem } = await bucket.sidecarOf(key);
      if (problem !== undefined) return refused(problem);
      if (!sidecar) return ignored('watch.gone');
      const { id: uploadId, videoId } = newest.upload;
      const { mine, now } = await watched.note(uploadId, sidecar);
      if (mine) return { result: 'described', uploadId };
      if (now.sidecar) return ignored('watch.sidecar_waits');
      const { ownerId: _, ...details } = sidecar;
      const answer = await catalog.describe(videoId, details);
      if (answer === 'gone' && newest.upload.state === 'open')
        throw new DomainError('unavailable', 'watch.not_registered', 'Catalog does not know the video yet.');
      if (answer !== 'described') return refused(answer === 'edited' ? 'watch.sidecar_late' : 'watch.video_gone');
      await watched.noteLate(uploadId, sidecar);
      await bucket.removeSidecarOf(key);
      return { result: 'described', uploadId };
    },
  };
}
