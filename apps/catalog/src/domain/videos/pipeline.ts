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
  /** When it should be done, as was told with the greatest progress. */
  readonly estimatedEnd: Date | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** Of the furthest stage that was reached; null before the first. */
  readonly facts: Facts | null;
  readonly playableAt: Date | null;
  readonly readyAt: Date | null;
}

/** All that catalog knows of how a video is made. */
export interface Pipeline {
  /** The newest. */
  readonly upload: UploadState | null;
  /** The one that counts for viewers: the newest that is ready or, while none is, the newest. */
  readonly encoding: EncodingState | null;
  /** All others, by id: what comes late of one may make it count. */
  readonly others: readonly EncodingState[];
}

export const untouched: Pipeline = { upload: null, encoding: null, others: [] };

interface Size {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
}
type Made = Size & { readonly renditions: readonly Rendition[]; readonly poster: boolean };

export type PipelineEvent =
  | { readonly type: 'upload.started' | 'upload.ended' | 'upload.completed'; readonly uploadId: string | null }
  | ({ readonly type: 'encoding.started'; readonly encodingId: string } & Size)
  | {
      readonly type: 'encoding.progress';
      readonly encodingId: string;
      readonly progress: number;
      readonly estimatedEnd: Date | null;
    }
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
  estimatedEnd: null,
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

/** The later of what was told with the same progress: any rule does that knows no order of arrival. */
const laterEnd = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

function joinEncoding(base: EncodingState, event: PipelineEvent & { encodingId: string }): EncodingState {
  const told = factsOf(event);
  const further = told && order[told.reached] > order[base.reached] ? told : {};
  switch (event.type) {
    case 'encoding.progress':
      // What is ready is done, whatever is still told of the way to it.
      if (base.reached === 'ready' || event.progress < base.progress) return base;
      return {
        ...base,
        progress: event.progress,
        estimatedEnd:
          event.progress > base.progress ? event.estimatedEnd : laterEnd(base.estimatedEnd, event.estimatedEnd),
      };
    case 'encoding.failed':
      return { ...base, failure: base.failure ?? { code: event.code, message: event.message } };
    case 'video.playable':
      return { ...base, ...further, playableAt: earlier(base.playableAt, event.at) };
    case 'video.ready':
      return {
        ...base,
        ...further,
        progress: 1,
        estimatedEnd: null,
        playableAt: earlier(base.playableAt, event.at),
        readyAt: earlier(base.readyAt, event.at),
      };
    default:
      return { ...base, ...further };
  }
}

/** Whether viewers may be given it. What failed and was still told to be ready is of two minds, and is not. */
const isPublished = ({ reached, failure }: EncodingState): boolean => reached === 'ready' && failure === null;

/** Which of all known encodings counts. */
function arrange(all: readonly EncodingState[]): Pick<Pipeline, 'encoding' | 'others'> {
  const sorted = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const encoding = sorted.findLast(isPublished) ?? sorted.at(-1) ?? null;
  return { encoding, others: sorted.filter((one) => one !== encoding) };
}

/**
 * Takes in what happened. Every part is a join (the newer id, then the later stage, the greater progress, the earlier time), so the
 * result does not depend on the order or the number of times in which events arrive.
 */
export function advance(pipeline: Pipeline, event: PipelineEvent): Pipeline {
  if ('encodingId' in event) {
    const { encoding, others } = pipeline;
    const all = encoding ? [...others, encoding] : others;
    const was = all.find(({ id }) => id === event.encodingId) ?? fresh(event.encodingId);
    const rest = all.filter(({ id }) => id !== event.encodingId);
    return { ...pipeline, ...arrange([...rest, joinEncoding(was, event)]) };
  }
  const state = event.type === 'upload.started' ? 'uploading' : event.type === 'upload.ended' ? 'ended' : 'completed';
  return { ...pipeline, upload: joinUpload(pipeline.upload, { id: event.uploadId, state }) };
}

/** Whether an event may change anything; what is older than the published encoding, or than the upload, interests nobody. */
export const concerns = (pipeline: Pipeline, event: PipelineEvent): boolean =>
  'encodingId' in event
    ? !pipeline.encoding || !isPublished(pipeline.encoding) || event.encodingId >= pipeline.encoding.id
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
