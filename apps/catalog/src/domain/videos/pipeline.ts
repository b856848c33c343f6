import { type VideoStatus } from '@kinora/contracts-catalog';
import { type Rendition } from '@kinora/contracts-transcode';

/** How an upload stands. `id` is null when whoever registered it did not say. */
export interface UploadState {
  readonly id: string | null;
  readonly state: 'uploading' | 'ended' | 'completed';
}

/** What an encoding told of the video. */
export interface Facts {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  readonly renditions: readonly Rendition[];
  readonly poster: boolean;
  readonly storyboard: boolean;
}

export type Reached = 'known' | 'started' | 'playable' | 'ready';

export interface EncodingState {
  readonly id: string;
  readonly reached: Reached;
  readonly progress: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Of the furthest stage that was reached; null before the first. */
  readonly facts: Facts | null;
  readonly playableAt: Date | null;
  readonly readyAt: Date | null;
}

/** All that catalog knows of how a video is made: its newest upload and its newest encoding. */
export interface Pipeline {
  readonly upload: UploadState | null;
  readonly encoding: EncodingState | null;
}

export const untouched: Pipeline = { upload: null, encoding: null };

interface Size {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
}
type Made = Size & { readonly renditions: readonly Rendition[]; readonly poster: boolean };

export type PipelineEvent =
  | { readonly type: 'upload.started' | 'upload.ended' | 'upload.completed'; readonly uploadId: string | null }
  | ({ readonly type: 'encoding.started'; readonly encodingId: string } & Size)
  | { readonly type: 'encoding.progress'; readonly encodingId: string; readonly progress: number }
  | { readonly type: 'encoding.failed'; readonly encodingId: string; readonly code: string; readonly message: string }
  | ({ readonly type: 'video.playable'; readonly encodingId: string; readonly at: Date } & Made)
  | ({
      readonly type: 'video.ready';
      readonly encodingId: string;
      readonly at: Date;
      readonly storyboard: boolean;
    } & Made);

const uploadOrder = { uploading: 0, ended: 1, completed: 2 } as const;
const order = { known: 0, started: 1, playable: 2, ready: 3 } as const;

/** The newer upload counts; of one upload, the later stage. Ids are ULIDs, so the greater is the newer. */
function joinUpload(was: UploadState | null, now: UploadState): UploadState {
  if (!was) return now;
  if (was.id === null || now.id === null) return was.state === 'completed' ? was : now;
  if (was.id !== now.id) return now.id > was.id ? now : was;
  return uploadOrder[now.state] > uploadOrder[was.state] ? now : was;
}

const fresh = (id: string): EncodingState => ({
  id,
  reached: 'known',
  progress: 0,
  failure: null,
  facts: null,
  playableAt: null,
  readyAt: null,
});

const earlier = (a: Date | null, b: Date): Date => (a !== null && a <= b ? a : b);

function factsOf(event: PipelineEvent): { reached: Reached; facts: Facts } | undefined {
  if (event.type === 'encoding.started')
    return { reached: 'started', facts: { ...sizeOf(event), renditions: [], poster: false, storyboard: false } };
  if (event.type === 'video.playable') return { reached: 'playable', facts: { ...madeOf(event), storyboard: false } };
  if (event.type === 'video.ready')
    return { reached: 'ready', facts: { ...madeOf(event), storyboard: event.storyboard } };
  return undefined;
}
const sizeOf = ({ durationMs, width, height }: Size): Size => ({ durationMs, width, height });
const madeOf = (made: Made): Made => ({ ...sizeOf(made), renditions: made.renditions, poster: made.poster });

function joinEncoding(was: EncodingState | null, event: PipelineEvent & { encodingId: string }): EncodingState {
  if (was && was.id > event.encodingId) return was;
  const base = was?.id === event.encodingId ? was : fresh(event.encodingId);
  const told = factsOf(event);
  const further = told && order[told.reached] > order[base.reached] ? told : {};
  switch (event.type) {
    case 'encoding.progress':
      return { ...base, progress: Math.max(base.progress, event.progress) };
    case 'encoding.failed':
      return { ...base, failure: base.failure ?? { code: event.code, message: event.message } };
    case 'video.playable':
      return { ...base, ...further, playableAt: earlier(base.playableAt, event.at) };
    case 'video.ready':
      return {
        ...base,
        ...further,
        progress: 1,
        playableAt: earlier(base.playableAt, event.at),
        readyAt: earlier(base.readyAt, event.at),
      };
    default:
      return { ...base, ...further };
  }
}

/**
 * Takes in what happened. Every part is a join (the newer id, then the later stage, the greater progress, the earlier time), so the
 * result does not depend on the order or the number of times in which events arrive.
 */
export function advance(pipeline: Pipeline, event: PipelineEvent): Pipeline {
  if ('encodingId' in event) return { ...pipeline, encoding: joinEncoding(pipeline.encoding, event) };
  const state = event.type === 'upload.started' ? 'uploading' : event.type === 'upload.ended' ? 'ended' : 'completed';
  return { ...pipeline, upload: joinUpload(pipeline.upload, { id: event.uploadId, state }) };
}

/** Whether an event is of the encoding that counts, or a newer one; what an older one still says interests nobody. */
export const concerns = (pipeline: Pipeline, event: PipelineEvent): boolean =>
  'encodingId' in event
    ? pipeline.encoding === null || event.encodingId >= pipeline.encoding.id
    : !pipeline.upload?.id || event.uploadId === null || event.uploadId >= pipeline.upload.id;

export function statusOf({ upload, encoding }: Pipeline): VideoStatus {
  if (encoding?.reached === 'ready') return 'ready';
  if (encoding?.failure) return 'failed';
  if (encoding) return encoding.reached === 'playable' ? 'playable' : 'processing';
  if (upload?.state === 'completed') return 'processing';
  return upload?.state === 'uploading' ? 'uploading' : 'draft';
}

/** Statuses in which there is something to watch. */
export const isWatchable = (status: VideoStatus): boolean => status === 'playable' || status === 'ready';
