import { GrantId, Timestamp, UploadId, UserId, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { Description, Tags, Title, VideoStatus, Visibility } from './videos.contract';

/** A stretch of what is said in a video, some 20 to 40 seconds long. */
export const Passage = z
  .object({
    startMs: z.int().nonnegative(),
    endMs: z.int().nonnegative(),
    text: z.string().min(1).max(1_000),
    language: z
      .string()
      .max(35)
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
      .describe('BCP 47; `und` when it is not known'),
  })
  .refine(({ startMs, endMs }) => startMs <= endMs, 'a passage ends after it begins');
export type Passage = z.output<typeof Passage>;

/** What other services ask of catalog. */
export const catalogInternalContract = {
  /** Repeating it with the same id changes nothing, so that a caller that died half-way can ask again. */
  registerUpload: endpoint({
    id: 'catalog.registerUpload',
    method: 'put',
    path: '/internal/v1/videos/{videoId}/upload',
    access: 'service',
    summary: 'Create the video of an upload, or take an own draft, and set it to uploading',
    params: z.object({ videoId: VideoId }),
    body: z.object({
      ownerId: UserId,
      title: Title,
      description: Description.optional(),
      tags: Tags.optional(),
      visibility: Visibility.optional(),
      existing: z.boolean().describe('True: the video must be a draft of this owner'),
      uploadId: UploadId.optional().describe(
        'Lets catalog tell a late end of an earlier upload from the end of this one',
      ),
    }),
    success: { status: 200, body: z.object({ videoId: VideoId, status: VideoStatus }) },
    problems: ['video.not_found', 'video.not_draft'],
  }),
  /** Repeating it is refused as an edit by others would be: harmless, since it has been done. */
  describeVideo: endpoint({
    id: 'catalog.describeVideo',
    method: 'patch',
    path: '/internal/v1/videos/{videoId}',
    access: 'service',
    summary: 'Describe a video that nobody has edited yet',
    params: z.object({ videoId: VideoId }),
    body: z.object({ title: Title, description: Description, tags: Tags, visibility: Visibility }).partial(),
    success: { status: 200, body: z.object({ videoId: VideoId }) },
    problems: ['video.not_found', 'video.conflict'],
  }),
  authorise: endpoint({
    id: 'catalog.authorise',
    method: 'get',
    path: '/internal/v1/videos/{videoId}/access',
    access: 'service',
    summary: 'Who owns a video, for services that keep none of that themselves',
    params: z.object({ videoId: VideoId }),
    success: {
      status: 200,
      body: z.object({
        videoId: VideoId,
        ownerId: UserId,
        visibility: Visibility,
        status: VideoStatus,
        durationMs: z.int().nullable(),
      }),
    },
    problems: ['video.not_found'],
  }),
  putPassages: endpoint({
    id: 'catalog.putPassages',
    method: 'put',
    path: '/internal/v1/videos/{videoId}/passages',
    access: 'service',
    summary: 'Replace the transcript of a video, so that search finds what is said in it',
    params: z.object({ videoId: VideoId }),
    body: z.object({ passages: z.array(Passage).max(2_000) }),
    success: { status: 200, body: z.object({ videoId: VideoId, count: z.int() }) },
    problems: ['video.not_found'],
  }),
  listRevocations: endpoint({
    id: 'catalog.listRevocations',
    method: 'get',
    path: '/internal/v1/grant-revocations',
    access: 'service',
    summary:
      'Revoked grants, and videos all of whose grants until a time are revoked, that could still be valid; those after `cursor` when given',
    query: z.object({ cursor: z.string().max(100).optional() }),
    success: {
      status: 200,
      body: z.object({
        cursor: z.string(),
        grants: z.array(z.object({ grantId: GrantId, expiresAt: Timestamp })),
        videos: z
          .array(z.object({ videoId: VideoId, issuedUntil: Timestamp, expiresAt: Timestamp }))
          .describe('A grant id is a ULID: its time tells when it was issued'),
      }),
    },
    problems: [],
  }),
} as const;
