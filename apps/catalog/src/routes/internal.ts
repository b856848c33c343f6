import { catalogInternalContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type GrantStore } from '../domain/ports/grant-store';
import { putPassages } from '../domain/search/passages';
import { statusOf } from '../domain/videos/pipeline';
import { registerUpload } from '../domain/videos/uploads';
import { noSuchVideo } from '../domain/videos/video';
import { type VideoDeps, describeVideo } from '../domain/videos/videos';

/** What other services ask; reached inside the cluster only, and with a service token. */
export function internalRoutes(
  mounting: Mounting,
  { videos, grants }: { videos: VideoDeps; grants: GrantStore },
): Router {
  const router = Router();
  mount(router, catalogInternalContract.registerUpload, mounting, ({ params, body }) =>
    registerUpload(videos, { ...body, videoId: params.videoId }),
  );
  mount(router, catalogInternalContract.describeVideo, mounting, async ({ params, body }) => {
    await describeVideo(videos, params.videoId, body);
    return { videoId: params.videoId };
  });
  mount(router, catalogInternalContract.authorise, mounting, async ({ params }) => {
    const video = await videos.videos.find(params.videoId);
    if (!video) throw noSuchVideo();
    return {
      videoId: video.id,
      ownerId: video.ownerId,
      visibility: video.visibility,
      status: statusOf(video.pipeline),
      durationMs: video.pipeline.encoding?.facts?.durationMs ?? null,
    };
  });
  mount(router, catalogInternalContract.putPassages, mounting, ({ params, body }) =>
    putPassages(videos, params.videoId, body.passages),
  );
  mount(router, catalogInternalContract.listRevocations, mounting, async ({ query }) => {
    const { cursor, grants: single, videos: whole } = await grants.revocations(query.cursor);
    return {
      cursor,
      grants: single.map(({ grantId, expiresAt }) => ({ grantId, expiresAt: expiresAt.toISOString() })),
      videos: whole.map(({ videoId, issuedUntil, expiresAt }) => ({
        videoId,
        issuedUntil: issuedUntil.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
    };
  });
  return router;
}
