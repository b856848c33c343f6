import { playbackContract } from '@kinora/contracts-catalog';
import { type Mounting, mount } from '@kinora/service';
import { Router } from 'express';
import { type PlaybackDeps, createPlayback } from '../domain/playback/playback';
import { revokeAllGrants, revokeGrant } from '../domain/playback/revoke';
import { type GrantStore } from '../domain/ports/grant-store';
import { type VideoDeps } from '../domain/videos/videos';

interface Deps {
  readonly playback: PlaybackDeps;
  readonly grants: GrantStore;
  readonly videos: VideoDeps;
}

export function playbackRoutes(mounting: Mounting, { playback, grants, videos }: Deps): Router {
  const router = Router();
  mount(router, playbackContract.createPlayback, mounting, async ({ caller, params, body }, { res }) => {
    const answer = await createPlayback(playback, caller, params.videoId, body);
    res.setHeader('cache-control', 'no-store');
    for (const cookie of answer.setCookie) res.append('set-cookie', cookie);
    return answer.playback;
  });
  mount(router, playbackContract.revokeGrant, mounting, async ({ caller, params }) => {
    await revokeGrant({ videos: videos.videos, grants }, caller, params.videoId, params.grantId);
    return undefined;
  });
  mount(router, playbackContract.revokeAllGrants, mounting, async ({ caller, params }) => {
    await revokeAllGrants(videos, caller, params.videoId);
    return undefined;
  });
  return router;
}
