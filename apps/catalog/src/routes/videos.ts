import { videosContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type VideoDeps, createVideo, deleteVideo, getVideo, listVideos, updateVideo } from '../domain/videos/videos';

export function videoRoutes(mounting: Mounting, deps: VideoDeps): Router {
  const router = Router();
  mount(router, videosContract.createVideo, mounting, ({ caller, body }) => createVideo(deps, caller, body));
  mount(router, videosContract.listVideos, mounting, ({ caller, query }) => listVideos(deps, caller, query));
  mount(router, videosContract.getVideo, mounting, ({ caller, params }) => getVideo(deps, caller, params.videoId));
  mount(router, videosContract.updateVideo, mounting, ({ caller, params, body }) =>
    updateVideo(deps, caller, params.videoId, body),
  );
  mount(router, videosContract.deleteVideo, mounting, ({ caller, params }) =>
    deleteVideo(deps, caller, params.videoId).then(() => undefined),
  );
  return router;
}
