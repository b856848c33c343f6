import { type EventSpec } from '@kinora/contracts-common';
import {
  type Rendition,
  encodingFailed,
  encodingStarted,
  videoPlayable,
  videoReady,
} from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { type EncodingPlan, isDetailed } from '@kinora/media';
import { type z } from 'zod';
import { type Engine, type EngineName } from './engine';
import { type Encoding, type Failure, type Origin, type Published, type Work, isOver, isWorking } from './encoding';

/** An event that a change makes true. */
export interface Happened {
  readonly event: EventSpec;
  readonly data: unknown;
}

/** A prefix of the distribution store to be emptied, first after a while. */
export interface Sweep {
  readonly prefix: string;
  readonly videoId: string;
  readonly afterMs: number;
}

/** What follows from a decision; stored in one transaction. */
export interface Change {
  readonly encoding: Encoding;
  readonly events: readonly Happened[];
  readonly sweeps?: readonly Sweep[];
}
/** Undefined: it was decided before, or too late; nothing happens. */
export type Decision = Change | undefined;

/** Where an engine that is not ours writes; what is published is copied from there. */
export const engineFolder = ({ videoId, id }: Pick<Origin, 'videoId' | 'id'>): string =>
  `${layout.encoding(videoId, id)}mediaconvert/`;

/** Whether a service may have written something for an encoding. */
export const usesService = ({ name, jobId }: Engine): boolean => name === 'mediaconvert' || jobId !== undefined;

/** Viewers who are in the middle of a video that fails may see to its end what they were shown. */
const WATCHED_MS = 600_000;
/** Viewers of a video that was encoded again go on with the media that they have begun; a player that comes too late loads the new. */
const REPLACED_MS = 3_600_000;

const happened = <D extends z.ZodType>(event: EventSpec<D>, data: z.input<D>): Happened => ({ event, data });
const refs = (e: Encoding) => ({ videoId: e.videoId, encodingId: e.id });
const facts = (work: Work) => ({ durationMs: work.durationMs, width: work.width, height: work.height });

export const create = (origin: Origin): Encoding => ({ ...origin, state: 'queued', fence: 1, progress: 0 });

/** Probing starts. */
export const begin = (e: Encoding): Decision =>
  e.state === 'queued' ? { encoding: { ...e, state: 'probing' }, events: [] } : undefined;

/** The source is good and the work is planned. */
export const accept = (e: Encoding, work: Work): Decision =>
  e.state === 'queued' || e.state === 'probing'
    ? {
        encoding: { ...e, state: 'encoding', work, dispatchedAt: undefined, estimatedEnd: undefined },
        events: [happened(encodingStarted, { ...refs(e), ...facts(work), audioTracks: work.plan.audio.length })],
      }
    : undefined;

/** The source was examined while the first job was at work: all of the work is planned. */
export const detail = (e: Encoding, fence: number, plan: EncodingPlan): Decision =>
  isWorking(e) && e.fence === fence && !isDetailed(e.work.plan)
    ? { encoding: { ...e, work: { ...e.work, plan } }, events: [] }
    : undefined;

/** The jobs of this fence are in the queue. */
export const dispatched = (e: Encoding, fence: number, at: Date): Decision =>
  isWorking(e) && e.fence === fence && e.dispatchedAt === undefined
    ? { encoding: { ...e, dispatchedAt: at }, events: [] }
    : undefined;

/** The service has taken the work on, under this id of its own. A new dispatch goes on with the same job. */
export const engaged = (e: Encoding, fence: number, jobId: string): Decision =>
  isWorking(e) && e.fence === fence && e.work.engine.jobId === undefined
    ? { encoding: { ...e, work: { ...e.work, engine: { ...e.work.engine, jobId } } }, events: [] }
    : undefined;

/** Another engine takes over: a new dispatch, and what is left of the old one is fenced off. */
export function changeEngine(e: Encoding, fence: number, name: EngineName, reason: string): Decision {
  if (!isWorking(e) || e.fence !== fence || e.work.engine.name === name) return undefined;
  // The service's id stays: what its job left is still to be swept.
  const work = { ...e.work, engine: { ...e.work.engine, name, reason } };
  return { encoding: { ...e, fence: e.fence + 1, dispatchedAt: undefined, work }, events: [] };
}

/** The jobs were lost: new ones are needed, and what is left of the old ones is fenced off. */
export const redispatch = (e: Encoding, fence: number): Decision =>
  isWorking(e) && e.fence === fence
    ? { encoding: { ...e, fence: e.fence + 1, dispatchedAt: undefined }, events: [] }
    : undefined;

export interface PlayableFacts {
  readonly renditions: readonly Rendition[];
  readonly poster: boolean;
  readonly at: Date;
}

/** The first manifests are in the store. */
export const becomePlayable = (e: Encoding, { renditions, poster, at }: PlayableFacts): Decision =>
  e.state === 'encoding'
    ? {
        encoding: { ...e, state: 'playable', playableAt: at },
        events: [happened(videoPlayable, { ...refs(e), ...facts(e.work), renditions: [...renditions], poster })],
      }
    : undefined;

export interface ReadyFacts extends Published {
  /** Older encodings of the video that viewers may still be watching. */
  readonly replaced: readonly Pick<Origin, 'id' | 'videoId'>[];
  readonly renditions: readonly Rendition[];
  readonly at: Date;
}

/** The manifests are closed. A video that was never told to be playable is told both, in this order. */
export function complete(e: Encoding, fence: number, { renditions, at, replaced, ...published }: ReadyFacts): Decision {
  if (!isWorking(e) || e.fence !== fence) return undefined;
  const { dispatchedAt: _, estimatedEnd: _end, ...rest } = e;
  const data = {
    ...refs(e),
    ...facts(e.work),
    durationMs: published.durationMs,
    renditions: [...renditions],
    poster: published.poster,
  };
  return {
    encoding: {
      ...rest,
      state: 'ready',
      progress: 1,
      playableAt: e.state === 'playable' ? e.playableAt : at,
      finishedAt: at,
      published,
    },
    sweeps: [
      // What the service wrote has been copied, or was in vain.
      ...(usesService(e.work.engine) ? [{ prefix: engineFolder(e), videoId: e.videoId, afterMs: 0 }] : []),
      ...replaced.map(({ id, videoId }) => ({ prefix: layout.encoding(videoId, id), videoId, afterMs: REPLACED_MS })),
    ],
    events: [
      ...(e.state === 'encoding' ? [happened(videoPlayable, data)] : []),
      happened(videoReady, { ...data, storyboard: published.storyboard, bytes: published.bytes }),
    ],
  };
}

function end(e: Encoding, state: 'failed' | 'cancelled', error: Failure, at: Date): Change {
  const { id, videoId, uploadId, attempt, ownerId, sourceKey, createdAt, fence, progress } = e;
  const playableAt = e.state === 'playable' ? e.playableAt : undefined;
  return {
    encoding: {
      ...{ id, videoId, uploadId, attempt, ownerId, sourceKey, createdAt, progress },
      ...{ state, error, playableAt, finishedAt: at },
      fence: fence + 1,
      work: isWorking(e) ? e.work : undefined,
    },
    events: [happened(encodingFailed, { ...refs(e), ...error })],
    sweeps: [{ prefix: layout.encoding(e.videoId, e.id), videoId: e.videoId, afterMs: playableAt ? WATCHED_MS : 0 }],
  };
}

/** It can't be finished. With a fence, only if no newer attempt has taken over. */
export const fail = (e: Encoding, error: Failure, at: Date, fence?: number): Decision =>
  isOver(e) || (fence !== undefined && e.fence !== fence) ? undefined : end(e, 'failed', error, at);

export const CANCELLED: Failure = {
  code: 'encoding.cancelled',
  message: 'Encoding was stopped. It can be started again.',
};

/** Its owner has stopped it. */
export const cancel = (e: Encoding, at: Date): Decision => (isOver(e) ? undefined : end(e, 'cancelled', CANCELLED, at));

/** The video is gone: nobody is told, and the video's whole prefix is swept instead. */
export function abandon(e: Encoding, at: Date): Decision {
  if (isOver(e)) return undefined;
  return { encoding: end(e, 'cancelled', CANCELLED, at).encoding, events: [] };
}
