import { type Playback } from '@kinora/contracts-catalog';
import { type SessionClaims } from '@kinora/contracts-analytics';
import { DomainError, type Person, newId } from '@kinora/contracts-common';
import { type Issuer, issueGrant, layout } from '@kinora/delivery';
import { type GrantStore } from '../ports/grant-store';
import { type SessionTokens } from '../ports/session-tokens';
import { type VideoReader } from '../ports/video-store';
import { isWatchable, statusOf } from '../videos/pipeline';
import { noSuchVideo } from '../videos/video';
import { visibleVideo } from '../videos/videos';
import { viewerOf } from '../viewer';

export interface PlaybackDeps {
  readonly videos: VideoReader;
  readonly grants: Pick<GrantStore, 'insert'>;
  readonly sessions: SessionTokens;
  readonly issuer: Issuer;
  readonly grantSeconds: number;
  readonly clock: () => Date;
}

export interface PlaybackRequest {
  readonly sessionId?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly viewerId?: string | undefined;
  readonly embedOrigin?: string | undefined;
}

type Identity = Pick<SessionClaims, 'vwr' | 'cls'>;

function identify({ sessions }: PlaybackDeps, caller: Person | undefined, viewerId: string | undefined): Identity {
  if (caller) return { vwr: sessions.pseudonym('account', caller.userId), cls: 'account' };
  return viewerId ? { vwr: sessions.pseudonym('device', viewerId), cls: 'device' } : { cls: 'none' };
}

/** The session goes on only for who can show its token, for the same video and viewer; to all others a new one is given. */
async function sessionOf(
  { sessions }: PlaybackDeps,
  videoId: string,
  { vwr }: Identity,
  { sessionId, sessionToken }: PlaybackRequest,
  now: Date,
): Promise<{ sid: string; beg: number }> {
  const known = sessionToken === undefined ? undefined : await sessions.read(sessionToken);
  if (known && known.vid === videoId && known.vwr === vwr && (sessionId === undefined || known.sid === sessionId))
    return { sid: known.sid, beg: known.beg };
  return { sid: newId('ses', now.getTime()), beg: Math.floor(now.getTime() / 1000) };
}

/**
 * A grant to watch, in its three spellings, and the token of its session.
 * @throws DomainError `video.not_found`, `video.not_playable`
 */
export async function createPlayback(
  deps: PlaybackDeps,
  caller: Person | undefined,
  videoId: string,
  request: PlaybackRequest,
): Promise<{ playback: Playback; setCookie: readonly string[] }> {
  const video = await visibleVideo(deps.videos, viewerOf(caller), videoId);
  const { encoding } = video.pipeline;
  if (!encoding || !isWatchable(statusOf(video.pipeline)))
    throw new DomainError('conflict', 'video.not_playable', 'There is nothing to watch yet.', { retryAfter: 2 });

  const now = deps.clock();
  const identity = identify(deps, caller, request.viewerId);
  const { sid, beg } = await sessionOf(deps, videoId, identity, request, now);
  const grantId = newId('grt', now.getTime());
  const embedOrigin = request.embedOrigin === undefined ? undefined : new URL(request.embedOrigin).origin;
  const grant = issueGrant(
    {
      grantId,
      videoId,
      sessionId: sid,
      encodingId: encoding.id,
      now: now.getTime(),
      ttlSeconds: deps.grantSeconds,
      ...(embedOrigin !== undefined && { embedOrigin }),
    },
    deps.issuer,
  );
  const { expiresAt } = grant;
  const userId = caller?.userId ?? null;
  // The video may have been deleted since it was read: then there is no grant either.
  if (!(await deps.grants.insert({ id: grantId, videoId, sessionId: sid, userId, expiresAt }))) throw noSuchVideo();

  const sessionToken = await deps.sessions.sign({
    sid,
    vid: videoId,
    own: video.ownerId,
    dur: encoding.reached === 'ready' ? (encoding.facts?.durationMs ?? null) : null,
    ...identity,
    beg,
    iat: Math.floor(now.getTime() / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000),
  });
  const poster = encoding.facts?.poster ?? false;
  return {
    playback: {
      grantId,
      sessionId: sid,
      hls: grant.hls,
      dash: grant.dash,
      cookieHls: grant.cookieHls,
      cookieDash: grant.cookieDash,
      poster: poster ? grant.poster : null,
      signedPoster: poster && embedOrigin === undefined ? grant.signFile(layout.poster(videoId, encoding.id)) : null,
      storyboard: encoding.facts?.storyboard ? grant.storyboard : null,
      sessionToken,
      expiresAt: expiresAt.toISOString(),
    },
    setCookie: grant.setCookie,
  };
}
