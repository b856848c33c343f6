import { type Video, type VideoStatus } from '@kinora/contracts-catalog';
import { type Viewer } from '../viewer';
import { statusOf } from './pipeline';
import { type PosterSigner, posterUrl } from './poster';
import { type VideoEntry, mayEdit } from './video';

export interface Presenting extends PosterSigner {
  /** Origin of the pages. */
  readonly publicUrl: string;
  readonly clock: () => Date;
}

/** Late is as good as unknown. */
function secondsLeft(status: VideoStatus, end: Date | null, now: Date): number | null {
  if ((status !== 'processing' && status !== 'playable') || end === null || end <= now) return null;
  return Math.ceil((end.getTime() - now.getTime()) / 1000);
}

/** A video as the API shows it to somebody. Why it failed is between us and its owner. */
export function present(deps: Presenting, viewer: Viewer, video: VideoEntry): Video {
  const { encoding } = video.pipeline;
  const status = statusOf(video.pipeline);
  return {
    id: video.id,
    title: video.title,
    description: video.description,
    tags: [...video.tags],
    visibility: video.visibility,
    channelId: video.channelId,
    ownerId: video.ownerId,
    status,
    progress: encoding?.progress ?? 0,
    estimatedSecondsLeft: secondsLeft(status, encoding?.estimatedEnd ?? null, deps.clock()),
    durationMs: encoding?.facts?.durationMs ?? null,
    width: encoding?.facts?.width ?? null,
    height: encoding?.facts?.height ?? null,
    ...(status === 'failed' && encoding?.failure && mayEdit(viewer, video) && { error: { ...encoding.failure } }),
    renditions: encoding?.facts?.renditions.map((one) => ({ ...one })) ?? [],
    poster: posterUrl(deps, video, deps.clock()),
    watchUrl: `${deps.publicUrl}/watch/${video.id}`,
    createdAt: video.createdAt.toISOString(),
    updatedAt: video.updatedAt.toISOString(),
    playableAt: encoding?.playableAt?.toISOString() ?? null,
    readyAt: encoding?.readyAt?.toISOString() ?? null,
    version: video.version,
  };
}
