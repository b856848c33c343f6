import { EncodingId, Nothing, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { LandedTrack } from './jobs';

export const EncodingState = z.enum(['queued', 'probing', 'encoding', 'playable', 'ready', 'failed', 'cancelled']);
export type EncodingState = z.output<typeof EncodingState>;

export const Encoding = z
  .object({
    id: EncodingId,
    videoId: VideoId,
    state: EncodingState,
    engine: z.string().describe('What encodes: ffmpeg or mediaconvert; undecided until the source was looked at'),
    engineReason: z.string().nullable().describe('Why this engine was chosen'),
    progress: z.number().min(0).max(1).describe('Encoded seconds over all renditions ÷ planned seconds; never falls'),
    estimatedSecondsLeft: z.int().positive().nullable().describe('By the pace so far; null while nobody can say'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Encoding' });
export type Encoding = z.output<typeof Encoding>;

const ByVideo = z.object({ videoId: VideoId });

/** What an owner or an admin may ask of the encodings of a video. Ownership is checked with catalog. */
export const encodingsContract = {
  getEncoding: endpoint({
    id: 'transcode.getEncoding',
    method: 'get',
    path: '/v1/videos/{videoId}/encoding',
    access: 'user',
    scope: 'videos:read',
    summary: 'The newest encoding of a video',
    params: ByVideo,
    success: { status: 200, body: Encoding },
    problems: ['video.not_found', 'encoding.not_found'],
  }),
  cancelEncoding: endpoint({
    id: 'transcode.cancelEncoding',
    method: 'post',
    path: '/v1/videos/{videoId}/encoding/cancel',
    access: 'user',
    scope: 'videos:write',
    summary: 'Stop encoding; the video fails with encoding.cancelled and can be retried',
    params: ByVideo,
    success: { status: 202, body: Encoding },
    problems: ['video.not_found', 'encoding.not_found', 'encoding.finished'],
  }),
  retryEncoding: endpoint({
    id: 'transcode.retryEncoding',
    method: 'post',
    path: '/v1/videos/{videoId}/encoding/retry',
    access: 'user',
    scope: 'videos:write',
    summary: 'Encode again after a failure or a cancellation',
    params: ByVideo,
    success: { status: 202, body: Encoding },
    problems: ['video.not_found', 'encoding.not_found', 'encoding.not_failed'],
  }),
  encodeAgain: endpoint({
    id: 'transcode.encodeAgain',
    method: 'post',
    path: '/v1/videos/{videoId}/encoding/again',
    access: 'user',
    scope: 'videos:write',
    summary: 'Encode a ready video again; viewers keep what is published until the new encoding is ready',
    params: ByVideo,
    success: { status: 202, body: Encoding },
    problems: ['video.not_found', 'encoding.not_found', 'encoding.not_ready'],
  }),
} as const;

/** What the encoders tell. */
export const encodingsInternalContract = {
  reportSegments: endpoint({
    id: 'transcode.reportSegments',
    method: 'post',
    path: '/internal/v1/encodings/{encodingId}/segments',
    access: 'service',
    summary: 'Segments that have landed in the distribution store; repeating a report changes nothing',
    params: z.object({ encodingId: EncodingId }),
    body: z.object({
      fence: z.int().nonnegative(),
      /** Identity of the job that reports. */
      jobId: z.string().min(1).max(200),
      /** Seconds of output encoded so far by this job, summed over its rungs; cumulative. */
      encodedSeconds: z.number().nonnegative(),
      tracks: z.array(LandedTrack),
    }),
    success: { status: 204, body: Nothing },
    /** `encoding.fenced`: a newer attempt, a cancellation or a deletion has taken over; the job should end quietly. */
    problems: ['encoding.not_found', 'encoding.fenced'],
  }),
} as const;
