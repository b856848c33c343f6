import { type Person, notFound } from '@kinora/contracts-common';
import { type Transact } from '../ports/catalog-unit';
import { type GrantStore } from '../ports/grant-store';
import { type VideoReader } from '../ports/video-store';
import { mayEdit, noSuchVideo } from '../videos/video';
import { viewerOf } from '../viewer';

/** @throws DomainError `video.not_found`, `grant.not_found` */
export async function revokeGrant(
  { videos, grants }: { videos: VideoReader; grants: Pick<GrantStore, 'revoke'> },
  caller: Person,
  videoId: string,
  grantId: string,
): Promise<void> {
  const video = await videos.find(videoId);
  if (!video || !mayEdit(viewerOf(caller), video)) throw noSuchVideo();
  if (!(await grants.revoke(videoId, grantId))) throw notFound('grant.not_found', 'The video has no such grant.');
}

/** @throws DomainError `video.not_found` */
export const revokeAllGrants = ({ transact }: { transact: Transact }, caller: Person, videoId: string): Promise<void> =>
  transact(async (unit) => {
    const video = await unit.videos.lock(videoId);
    if (!video || !mayEdit(viewerOf(caller), video)) throw noSuchVideo();
    await unit.videos.save({ ...video, grantsRevokedUntil: await unit.revokeAllGrants(videoId) });
  });
