import { type Video, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { DomainError, type Person, forbidden, newId, notFound, unauthenticated } from '@kinora/contracts-common';
import { idAfter, pageOf } from '../cursor';
import { type Transact } from '../ports/catalog-unit';
import { type ChannelStore } from '../ports/channel-store';
import { type VideoReader } from '../ports/video-store';
import { type Viewer, mayCreate, viewerOf } from '../viewer';
import { type Presenting, present } from './present';
import { type NewVideo, type VideoEdit, type VideoEntry, draft, edited, maySee, mayEdit, noSuchVideo } from './video';

export interface VideoDeps extends Presenting {
  readonly videos: VideoReader;
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly transact: Transact;
}

/** A channel may be used by its owner and by admins; to others it can't be told from one that isn't there. */
async function checkChannel({ channels }: VideoDeps, viewer: Viewer, channelId: string | null | undefined) {
  if (channelId === undefined || channelId === null) return;
  const channel = await channels.find(channelId);
  if (!channel || !(viewer.admin || channel.ownerId === viewer.userId))
    throw notFound('channel.not_found', 'There is no such channel.');
}

export async function createVideo(
  deps: VideoDeps,
  caller: Person,
  given: Omit<NewVideo, 'id' | 'ownerId'>,
): Promise<Video> {
  if (!mayCreate(caller)) throw forbidden('Creating videos needs the role creator.');
  const viewer = viewerOf(caller);
  await checkChannel(deps, viewer, given.channelId);
  const video = draft({ ...given, id: newId('vid'), ownerId: caller.userId }, deps.clock());
  await deps.transact(async (unit) => {
    await unit.videos.insert(video);
    await unit.announce({
      event: 'video.created',
      ownerId: video.ownerId,
      videoId: video.id,
      data: { status: 'draft' },
    });
  });
  return present(deps, viewer, video);
}

/** @throws DomainError `video.not_found`, also for one that the viewer may not see */
export async function visibleVideo(videos: VideoReader, viewer: Viewer, id: string): Promise<VideoEntry> {
  const video = await videos.find(id);
  if (!video || !maySee(viewer, video)) throw noSuchVideo();
  return video;
}

export const getVideo = async (deps: VideoDeps, caller: Person | undefined, id: string): Promise<Video> =>
  present(deps, viewerOf(caller), await visibleVideo(deps.videos, viewerOf(caller), id));

export interface ListQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | undefined;
  readonly tag?: string | undefined;
  readonly owner?: 'me' | undefined;
}

export async function listVideos(
  deps: VideoDeps,
  caller: Person | undefined,
  { cursor, limit, owner, ...filter }: ListQuery,
): Promise<{ items: Video[]; nextCursor: string | null }> {
  if (owner === 'me' && !caller) throw unauthenticated();
  const viewer = viewerOf(caller);
  const query = ['videos', owner ?? null, filter];
  const rows = await deps.videos.list(
    viewer,
    { ...filter, ownerId: owner === 'me' ? caller?.userId : undefined },
    { before: idAfter(query, cursor), limit: limit + 1 },
  );
  const { items, nextCursor } = pageOf(query, rows, limit);
  return { items: items.map((video) => present(deps, viewer, video)), nextCursor };
}

export async function updateVideo(
  deps: VideoDeps,
  caller: Person,
  id: string,
  { version, ...edit }: VideoEdit & { version?: number | undefined },
): Promise<Video> {
  const viewer = viewerOf(caller);
  await checkChannel(deps, viewer, edit.channelId);
  const video = await deps.transact(async (unit) => {
    const was = await unit.videos.lock(id);
    if (!was || !mayEdit(viewer, was)) throw noSuchVideo();
    if (version !== undefined && version !== was.version)
      throw new DomainError('conflict', 'video.conflict', 'Somebody has edited the video in the meantime.');
    const now = edited(was, edit, deps.clock());
    // What becomes private stops playing for those who were watching; their players ask again and are refused.
    const closes = now.visibility === 'private' && was.visibility !== 'private';
    const saved = closes ? { ...now, grantsRevokedUntil: await unit.revokeAllGrants(id) } : now;
    await unit.videos.save(saved);
    await unit.announce({
      event: 'video.updated',
      ownerId: now.ownerId,
      videoId: id,
      data: { version: now.version, visibility: now.visibility },
    });
    return saved;
  });
  return present(deps, viewer, video);
}

/** Describes a video for its owner who is not here, as long as it is as it was made. @throws DomainError `video.conflict` */
export async function describeVideo(deps: VideoDeps, id: string, edit: VideoEdit): Promise<void> {
  const video = await deps.videos.find(id);
  if (!video) throw noSuchVideo();
  await updateVideo(deps, { kind: 'user', userId: video.ownerId, roles: [] }, id, { ...edit, version: 1 });
}

/** One transaction ends the video here; the event makes the other services remove its media, its source and its numbers. */
export const deleteVideo = (deps: VideoDeps, caller: Person, id: string): Promise<void> =>
  deps.transact(async (unit) => {
    const video = await unit.videos.lock(id);
    if (!video || !mayEdit(viewerOf(caller), video)) throw noSuchVideo();
    await unit.revokeAllGrants(id);
    await unit.videos.remove(video);
    await unit.publishDeleted(video);
    await unit.announce({ event: 'video.deleted', ownerId: video.ownerId, videoId: id });
  });
