import { GrantId, Nothing, SessionId, Timestamp, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

const ById = z.object({ videoId: VideoId });

/** One grant in its spellings: `hls`, `dash`, `poster` and `storyboard` carry it in the path, `cookie*` need the cookies of the answer. */
export const Playback = z
  .object({
    grantId: GrantId,
    sessionId: SessionId,
    hls: z.url(),
    dash: z.url(),
    cookieHls: z.url(),
    cookieDash: z.url(),
    poster: z.url().nullable(),
    signedPoster: z
      .url()
      .nullable()
      .describe(
        'The poster as a CloudFront signed URL, the spelling for single files; null when the grant is bound to an origin',
      ),
    storyboard: z.url().nullable().describe('WebVTT with #xywh fragments; null until the video is ready'),
    sessionToken: z.string().describe('Authorises the beacons of this session'),
    expiresAt: Timestamp,
  })
  .meta({ id: 'Playback' });
export type Playback = z.output<typeof Playback>;

export const playbackContract = {
  createPlayback: endpoint({
    id: 'catalog.createPlayback',
    method: 'post',
    path: '/v1/videos/{videoId}/playback',
    access: 'optional',
    scope: 'videos:read',
    summary: 'A grant to watch, when the caller may; also sets CloudFront signed cookies',
    params: ById,
    body: z
      .object({
        sessionId: SessionId.optional().describe('Renew the grant of a session that goes on'),
        sessionToken: z
          .string()
          .max(2000)
          .optional()
          .describe('Proof that the session is the caller’s, with sessionId'),
        viewerId: z.string().max(64).optional().describe('Random id kept by the player, for unique viewers'),
        embedOrigin: z.url().max(200).optional(),
      })
      .default({}),
    success: { status: 200, body: Playback },
    problems: ['video.not_found', 'video.not_playable'],
  }),
  revokeGrant: endpoint({
    id: 'catalog.revokeGrant',
    method: 'delete',
    path: '/v1/videos/{videoId}/grants/{grantId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Revoke a grant; refused at the edge within five seconds',
    params: ById.extend({ grantId: GrantId }),
    success: { status: 204, body: Nothing },
    problems: ['video.not_found', 'grant.not_found'],
  }),
  revokeAllGrants: endpoint({
    id: 'catalog.revokeAllGrants',
    method: 'delete',
    path: '/v1/videos/{videoId}/grants',
    access: 'user',
    scope: 'videos:write',
    summary: 'Revoke every grant of a video that was issued until now',
    params: ById,
    success: { status: 204, body: Nothing },
    problems: ['video.not_found'],
  }),
} as const;
