import { type VideoStatus, type Visibility, type WebhookEvent } from '@kinora/contracts-catalog';
import { DomainError } from '@kinora/contracts-common';
import { type Transact } from '../ports/catalog-unit';
import { type PipelineEvent, advance, concerns, statusOf } from './pipeline';
import { draft, noSuchVideo } from './video';

export interface PipelineDeps {
  readonly transact: Transact;
  readonly clock: () => Date;
}

export interface Registration {
  readonly videoId: string;
  readonly ownerId: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: Visibility | undefined;
  readonly existing: boolean;
  readonly uploadId?: string | undefined;
}

/**
 * Makes the video of an upload, or takes a draft of the same owner, and sets it to uploading. Safe to repeat.
 * @throws DomainError `video.not_found` (none, or somebody else's), `video.not_draft`
 */
export const registerUpload = (
  { transact, clock }: PipelineDeps,
  { videoId, existing, uploadId, ...given }: Registration,
): Promise<{ videoId: string; status: VideoStatus }> =>
  transact(async (unit) => {
    const started: PipelineEvent = { type: 'upload.started', uploadId: uploadId ?? null };
    if (!existing) {
      const made = draft({ ...given, id: videoId }, clock());
      const video = { ...made, pipeline: advance(made.pipeline, started) };
      if (await unit.videos.insert(video)) {
        await unit.announce({
          event: 'video.created',
          ownerId: given.ownerId,
          videoId,
          data: { status: statusOf(video.pipeline) },
        });
        return { videoId, status: statusOf(video.pipeline) };
      }
    }
    const video = await unit.videos.lock(videoId);
    if (video?.ownerId !== given.ownerId) throw noSuchVideo();
    const status = statusOf(video.pipeline);
    if (status === 'draft') {
      const pipeline = advance(video.pipeline, started);
      await unit.videos.save({ ...video, pipeline, updatedAt: clock() });
      return { videoId, status: statusOf(pipeline) };
    }
    const known = video.pipeline.upload?.id ?? null;
    const sameUpload = known === null || uploadId === undefined || known === uploadId;
    // A repetition may come when the upload is long done; but a second upload into the same video is refused.
    if (sameUpload && (!existing || status === 'uploading')) return { videoId, status };
    throw new DomainError('conflict', 'video.not_draft', 'The video has been filled by an upload already.');
  });

const announced: Partial<Record<PipelineEvent['type'], WebhookEvent>> = {
  'upload.completed': 'upload.completed',
  'upload.ended': 'upload.ended',
  'encoding.started': 'encoding.started',
  'encoding.failed': 'video.failed',
  'video.playable': 'video.playable',
  'video.ready': 'video.ready',
};

/** The few fields that a receiver is told beside the new status. */
function detailsOf(event: PipelineEvent): Record<string, unknown> {
  if (event.type === 'encoding.failed') return { error: { code: event.code, message: event.message } };
  return 'durationMs' in event ? { durationMs: event.durationMs } : {};
}

/**
 * Takes an event of the pipeline into a video and tells its owner's webhooks. Events about a video that is gone, and of an encoding or an
 * upload that a newer one has replaced, change nothing.
 */
export const followPipeline = (
  { transact, clock }: PipelineDeps,
  videoId: string,
  event: PipelineEvent,
  eventId: string,
): Promise<void> =>
  transact(async (unit) => {
    // Progress is sent often, is never announced, and is the greatest of all that came: no need to remember which did.
    if (event.type !== 'encoding.progress' && !(await unit.firstTime(eventId))) return;
    const video = await unit.videos.lock(videoId);
    if (!video || !concerns(video.pipeline, event)) return;
    const pipeline = advance(video.pipeline, event);
    const status = statusOf(pipeline);
    const changed = status !== statusOf(video.pipeline);
    if (JSON.stringify(pipeline) !== JSON.stringify(video.pipeline))
      await unit.videos.save({ ...video, pipeline, updatedAt: changed ? clock() : video.updatedAt });
    const webhookEvent = announced[event.type];
    if (webhookEvent)
      await unit.announce({
        event: webhookEvent,
        ownerId: video.ownerId,
        videoId,
        data: { status, ...detailsOf(event) },
      });
  });
