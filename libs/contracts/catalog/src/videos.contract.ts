import { ChannelId, Nothing, PageQuery, Timestamp, UserId, VideoId, endpoint, page } from '@kinora/contracts-common';
import { z } from 'zod';

export const VideoStatus = z.enum(['draft', 'uploading', 'processing', 'playable', 'ready', 'failed']);
export type VideoStatus = z.output<typeof VideoStatus>;
export const Visibility = z.enum(['private', 'unlisted', 'public']);
export type Visibility = z.output<typeof Visibility>;

export const Title = z.string().trim().min(1).max(200);
export const Description = z.string().max(10_000);
export const Tag = z.string().trim().toLowerCase().min(1).max(50);
export const Tags = z.array(Tag).max(30);

export const VideoRendition = z
  .object({
    id: z.string(),
    width: z.int(),
    height: z.int(),
    codec: z.string(),
    bitrate: z.int(),
    frameRate: z.number(),
  })
  .meta({ id: 'VideoRendition' });

export const Video = z
  .object({
    id: VideoId,
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    visibility: Visibility,
    channelId: ChannelId.nullable(),
    ownerId: UserId,
    status: VideoStatus,
    progress: z.number().min(0).max(1).describe('Share that is encoded, 0 to 1'),
    estimatedSecondsLeft: z
      .int()
      .positive()
      .nullable()
      .describe('Until all of it is encoded; null while nobody can say'),
    durationMs: z.int().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).optional().describe('Why a failed video failed'),
    renditions: z.array(VideoRendition),
    poster: z.url().nullable().describe('Signed and short-lived'),
    watchUrl: z.url(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    playableAt: Timestamp.nullable(),
    readyAt: Timestamp.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Video' });
export type Video = z.output<typeof Video>;

const ById = z.object({ videoId: VideoId });

export const videosContract = {
  createVideo: endpoint({
    id: 'catalog.createVideo',
    method: 'post',
    path: '/v1/videos',
    access: 'user',
    scope: 'videos:write',
    idempotent: true,
    summary: 'Create a draft, to be filled by an upload',
    body: z.object({
      title: Title,
      description: Description.optional(),
      tags: Tags.optional(),
      visibility: Visibility.optional(),
      channelId: ChannelId.optional(),
    }),
    success: { status: 201, body: Video },
    problems: ['channel.not_found', 'auth.forbidden'],
  }),
  listVideos: endpoint({
    id: 'catalog.listVideos',
    method: 'get',
    path: '/v1/videos',
    access: 'optional',
    scope: 'videos:read',
    summary: 'Own and public videos, newest first',
    query: PageQuery.extend({
      status: VideoStatus.optional(),
      visibility: Visibility.optional(),
      channelId: ChannelId.optional(),
      tag: Tag.optional(),
      owner: z.literal('me').optional().describe('Only own videos'),
    }),
    success: { status: 200, body: page(Video) },
    problems: ['request.cursor_invalid'],
  }),
  getVideo: endpoint({
    id: 'catalog.getVideo',
    method: 'get',
    path: '/v1/videos/{videoId}',
    access: 'optional',
    scope: 'videos:read',
    summary: 'One video',
    params: ById,
    success: { status: 200, body: Video },
    problems: ['video.not_found'],
  }),
  updateVideo: endpoint({
    id: 'catalog.updateVideo',
    method: 'patch',
    path: '/v1/videos/{videoId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Edit a video',
    params: ById,
    body: z
      .object({
        title: Title,
        description: Description,
        tags: Tags,
        visibility: Visibility,
        channelId: ChannelId.nullable(),
        version: z.int().describe('When given and outdated, the edit is refused with video.conflict'),
      })
      .partial(),
    success: { status: 200, body: Video },
    problems: ['video.not_found', 'video.conflict', 'channel.not_found'],
  }),
  deleteVideo: endpoint({
    id: 'catalog.deleteVideo',
    method: 'delete',
    path: '/v1/videos/{videoId}',
    access: 'user',
    scope: 'videos:write',
    summary: 'Delete a video with its media, index entry, grants and numbers',
    params: ById,
    success: { status: 204, body: Nothing },
    problems: ['video.not_found'],
  }),
} as const;
