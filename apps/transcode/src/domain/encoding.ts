import { type EncodingState } from '@kinora/contracts-transcode';
import { type EncodingPlan } from '@kinora/media';
import { type Engine } from './engine';

/** What went wrong: a stable code, and a sentence for a person. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Where an encoding comes from and who it belongs to; never changes. */
export interface Origin {
  readonly id: string;
  readonly videoId: string;
  readonly uploadId: string;
  /** From 1; every retry of an upload's encoding is another encoding with the next number. */
  readonly attempt: number;
  readonly ownerId: string;
  /** In the raw store. */
  readonly sourceKey: string;
  readonly createdAt: Date;
}

/** What was decided after probing. */
export interface Work {
  readonly plan: EncodingPlan;
  readonly engine: Engine;
  /** As shown (upright, square pixels), and as declared; 0 where nothing is. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly startedAt: Date;
}

/** What was published in the end. */
export interface Published {
  readonly durationMs: number;
  readonly bytes: number;
  readonly poster: boolean;
  readonly storyboard: boolean;
}

interface Base extends Origin {
  /** Rises with every new dispatch, and when the encoding ends: what carries a lower one is too late. */
  readonly fence: number;
  /** Encoded share of the planned seconds, 0 to 1; never falls. */
  readonly progress: number;
}
interface Working extends Base {
  readonly work: Work;
  /** When it should be done, by the pace so far; undefined while nobody can say. */
  readonly estimatedEnd: Date | undefined;
  /** When the jobs of this fence were known to be in the queue; undefined between the commit and that. */
  readonly dispatchedAt: Date | undefined;
}

export interface Queued extends Base {
  readonly state: 'queued';
}
export interface Probing extends Base {
  readonly state: 'probing';
}
/** Planned; nothing can be watched yet. */
export interface InWork extends Working {
  readonly state: 'encoding';
}
export interface Playable extends Working {
  readonly state: 'playable';
  readonly playableAt: Date;
}
export interface Ready extends Base {
  readonly state: 'ready';
  readonly work: Work;
  readonly playableAt: Date;
  readonly finishedAt: Date;
  readonly published: Published;
}
export interface Ended extends Base {
  readonly state: 'failed' | 'cancelled';
  readonly error: Failure;
  readonly finishedAt: Date;
  /** What there was when it ended. */
  readonly work: Work | undefined;
  readonly playableAt: Date | undefined;
}

/** One complete set of outputs of a source, and how far it is. */
export type Encoding = Queued | Probing | InWork | Playable | Ready | Ended;
export type EncodingStateName = EncodingState;

/** The states in which there is something left to do. */
export const ACTIVE_STATES = ['queued', 'probing', 'encoding', 'playable'] as const;

export const isOver = (encoding: Encoding): encoding is Ready | Ended =>
  encoding.state === 'ready' || encoding.state === 'failed' || encoding.state === 'cancelled';

/** Planned and not over: jobs of it may be at work. */
export const WORKING_STATES = ['encoding', 'playable'] as const;

export const isWorking = (encoding: Encoding): encoding is InWork | Playable =>
  (WORKING_STATES as readonly string[]).includes(encoding.state);
