import { type GrantKeys, layout, signPathToken } from '@kinora/delivery';
import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { isWatchable, statusOf } from './pipeline';
import { type VideoEntry } from './video';

/** Posters in lists get tokens that last between one and two of these. */
const WINDOW_MS = 30 * 60_000;

export interface PosterSigner {
  /** Origin of the media. */
  readonly mediaUrl: string;
  readonly grantKeys: GrantKeys;
}

/**
 * A grant id that is the same for all who ask within a window, so that browsers find the poster in their cache. Its time is when the
 * window began or, later, the moment until which grants were revoked: revoking works on it as on any grant.
 */
function sharedGrantId(video: VideoEntry, now: Date): { id: string; expiresAt: number } {
  const begin = Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS;
  const issued = Math.max(begin, (video.grantsRevokedUntil?.getTime() ?? -1) + 1);
  const bytes = createHash('sha256').update(`${video.id}|${issued}`).digest();
  let at = 0;
  const id = `grt_${ulid(issued, () => (bytes[at++ % bytes.length] ?? 0) / 256)}`;
  return { id, expiresAt: Math.floor((begin + 2 * WINDOW_MS) / 1000) };
}

/** The poster's URL with a short grant in its path; null when there is no poster. Costs one HMAC. */
export function posterUrl({ mediaUrl, grantKeys }: PosterSigner, video: VideoEntry, now: Date): string | null {
  const { encoding } = video.pipeline;
  if (!encoding?.facts?.poster || !isWatchable(statusOf(video.pipeline))) return null;
  const { id, expiresAt } = sharedGrantId(video, now);
  const claims = { videoId: video.id, grantId: id, sessionId: `ses_${id.slice(4)}`, expiresAt };
  return `${mediaUrl}/t/${signPathToken(claims, grantKeys)}/${layout.poster(video.id, encoding.id)}`;
}
