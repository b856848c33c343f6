import { mediaConvertState } from '@kinora/media';
import { type Logger, type Metrics } from '@kinora/service';
import { type QueueConsumer, UnprocessableMessage, startQueueConsumer } from '@kinora/sqs';
import { z } from 'zod';
import { type RemoteNews, type hearRemote } from '../domain/hear-remote';

/** "MediaConvert Job State Change" of EventBridge, as the user guide has it; only what we read. */
const JobStateChange = z.object({
  source: z.literal('aws.mediaconvert'),
  'detail-type': z.literal('MediaConvert Job State Change'),
  detail: z.object({
    jobId: z.string().min(1),
    /** PROGRESSING, STATUS_UPDATE, COMPLETE, ERROR, CANCELED, and others that mean that it is at work. */
    status: z.string(),
    userMetadata: z.record(z.string(), z.string()).default({}),
    jobProgress: z.object({ jobPercentComplete: z.number().min(0).max(100).optional() }).optional(),
  }),
});

/** What an event says of a job of ours; undefined for a job of somebody else. @throws UnprocessableMessage */
export function newsOf(body: unknown): RemoteNews | undefined {
  const parsed = JobStateChange.safeParse(body);
  if (!parsed.success) throw new UnprocessableMessage('message.not_mediaconvert', z.prettifyError(parsed.error));
  const { jobId, status, userMetadata, jobProgress } = parsed.data.detail;
  const encodingId = userMetadata['encodingId'];
  if (encodingId === undefined) return undefined;
  const percent = jobProgress?.jobPercentComplete;
  return {
    encodingId,
    jobId,
    state: mediaConvertState(status),
    ...(percent !== undefined && { share: percent / 100 }),
  };
}

export interface MediaConvertEventsOptions {
  readonly queueUrl: string;
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly hear: ReturnType<typeof hearRemote>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Consumes the queue that a rule of EventBridge fills. */
export const consumeMediaConvertEvents = ({ hear, ...options }: MediaConvertEventsOptions): QueueConsumer =>
  startQueueConsumer({
    ...options,
    retry: { first: 2, longest: 300 },
    handle: async ({ body }) => {
      const news = newsOf(body);
      if (news) await hear(news);
    },
  });
