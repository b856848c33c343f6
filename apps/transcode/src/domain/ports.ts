import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  type EncodingPlan,
  type MediaConvertState,
  type Probe,
  type PublishedTracks,
  type Refusal,
  type SourceFacts,
} from '@kinora/media';
import { type Encoding, type Failure, type InWork, type Origin, type Playable } from './encoding';
import { type Engine, type EngineName } from './engine';
import { type Landed } from './tracks';
import { type Decision, type Sweep } from './transitions';

export type Clock = () => Date;

export interface Changed {
  /** After the change. */
  readonly encoding: Encoding;
  /** Whether this call changed it. */
  readonly changed: boolean;
  /** What is to be swept because of it. */
  readonly sweeps?: readonly Sweep[];
}

/** An encoding with something left to do. */
export interface Active {
  readonly encoding: Encoding;
  /** When it last gained anything, its creation at first. */
  readonly progressedAt: Date;
}

/** The record of all encodings. */
export interface Encodings {
  find(id: string): Promise<Encoding | undefined>;
  newestOf(videoId: string): Promise<Encoding | undefined>;
  /** Those with something left to do, the oldest first; with a time, only those that have gained nothing since. */
  active(limit: number, quietSince?: Date): Promise<Active[]>;
  /** Decides on the latest state, alone, and stores the outcome with its events and its sweep. Undefined if there is no such encoding. */
  change(id: string, decide: (encoding: Encoding) => Decision): Promise<Changed | undefined>;
  /** Adds an encoding unless the upload has one of this attempt or the video was deleted. Returns the one that there is now. */
  add(origin: Origin): Promise<Encoding | undefined>;
  /** Output minutes that an engine was given since then. */
  minutesSince(engine: EngineName, since: Date): Promise<number>;
  /** Those of the same video that are older and were published. */
  publishedBefore(encoding: Ref & Pick<Origin, 'createdAt'>): Promise<Ref[]>;
}

/** One event, processed once. */
export interface Inbox {
  /** Returns false if the event was processed before. */
  uploadCompleted(eventId: string, origin: Origin): Promise<boolean>;
  /** Ends all encodings of the video, forbids new ones and notes the sweep of its prefix. Returns those it ended. */
  videoDeleted(eventId: string, videoId: string, sweep: Sweep): Promise<Encoding[]>;
}

export interface Report {
  readonly fence: number;
  readonly jobId: string;
  readonly encodedSeconds: number;
  readonly tracks: readonly LandedTrack[];
}
export type Recorded =
  | {
      readonly outcome: 'recorded';
      readonly videoId: string;
      readonly progress: number;
      /** Null while nobody can say. */
      readonly secondsLeft: number | null;
      readonly grown: boolean;
      /** Whether there were manifests before. */
      readonly playable: boolean;
    }
  | { readonly outcome: 'fenced' }
  | { readonly outcome: 'unknown' };

/** What has landed in the distribution store, as the encoders told. */
export interface Landings {
  /** Adds to what is known; repeating or shuffling reports changes nothing. */
  record(encodingId: string, report: Report): Promise<Recorded>;
}

/** What the single writer of an encoding's manifests sees and may change. */
export interface WriterScope {
  readonly encoding: Encoding;
  readonly landed: Landed;
  /** What the manifests list already; undefined if there are none. */
  readonly listed: string | undefined;
  readonly note: (listed: string) => Promise<void>;
  /** Like {@link Encodings.change}, committed when the writer is done. */
  readonly change: (decide: (encoding: Encoding) => Decision) => Promise<Changed | undefined>;
}

export interface ManifestLock {
  /** Runs the work as the only writer on any replica, in a transaction. `busy` if another writes and `wait` is false. */
  exclusively<T>(
    encodingId: string,
    wait: boolean,
    work: (scope: WriterScope) => Promise<T>,
  ): Promise<T | 'busy' | 'unknown'>;
}

export interface Published {
  readonly videoId: string;
  readonly encodingId: string;
  readonly tracks: PublishedTracks;
  /** Since when it grows: the clock of the DASH manifest. */
  readonly startedAt: Date;
  readonly now: Date;
  readonly expectedSeconds: number | undefined;
}

/** The distribution store. */
export interface MediaStore {
  /** Media playlists first, then what points to them. */
  writeManifests(published: Published): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** Bytes of every object of a folder, by the name within it. */
  files(folder: string): Promise<ReadonlyMap<string, number>>;
  /** All of an object, or `length` bytes from `start`. */
  read(key: string, range?: { readonly start: number; readonly length: number }): Promise<Uint8Array>;
  /** Copies media that is never written again, without reading it. */
  copy(from: string, to: string): Promise<void>;
  /** Returns how many objects there were. */
  removePrefix(prefix: string): Promise<number>;
}

export type Examination =
  { readonly ok: true; readonly probe: Probe } | { readonly ok: false; readonly refusal: Refusal };

/** A job of an engine that is not ours. */
export interface RemoteJob {
  readonly id: string;
  readonly state: MediaConvertState;
  /** 0 to 1, where it is told. */
  readonly share?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | undefined;
}

export interface RemoteOrder extends Ref {
  readonly fence: number;
  readonly plan: EncodingPlan;
  readonly sourceKey: string;
  /** In the distribution store, with a `/` at its end. */
  readonly folder: string;
  /** Many machines at once, where the service can. */
  readonly accelerated: boolean;
}

/** AWS Elemental MediaConvert. What throws may be tried again. */
export interface RemoteEncoder {
  /** Asked again within a minute it is the same job. `refused`: as it always will be, and why. */
  order(order: RemoteOrder): Promise<RemoteJob | { readonly refused: string }>;
  /** Undefined if the service has forgotten it. */
  find(jobId: string): Promise<RemoteJob | undefined>;
  /** Succeeds if it is over already. */
  cancel(jobId: string): Promise<void>;
}

export type Scanned =
  /** Undefined where the times of frames say nothing, or could not be read. */
  { readonly ok: true; readonly facts: SourceFacts | undefined } | { readonly ok: false; readonly refusal: Refusal };

export interface SourceScanner {
  /** Looks at the times of all frames, without decoding any: of constant cost where the container has tables of them. */
  scan(sourceKey: string, plan: EncodingPlan, signal?: AbortSignal): Promise<Scanned>;
}

export interface SourceProber {
  /** Looks at a source without decoding it, within limits of time and output. Throws if trying again may help. */
  examine(sourceKey: string, signal?: AbortSignal): Promise<Examination>;
}

export type JobOutcome =
  /** Never added, or forgotten. */
  | { readonly state: 'absent' }
  /** Waiting for a worker, or at work. */
  | { readonly state: 'pending' }
  /** Waiting for its children. */
  | { readonly state: 'blocked' }
  | { readonly state: 'completed'; readonly tracks: readonly LandedTrack[] }
  | { readonly state: 'failed'; readonly failure: Failure | undefined; readonly reason: string };

export interface Outcomes {
  readonly chunks: readonly JobOutcome[];
  readonly audio: readonly JobOutcome[];
  readonly poster: JobOutcome;
  readonly storyboard: JobOutcome;
}

export type Ref = Pick<Origin, 'id' | 'videoId'>;

/** The queues. Postgres is the record; these only carry the work. */
export interface EncodeJobs {
  /** Adds the probing; `anew` forgets one that ended. */
  start(ref: Ref, anew?: boolean): Promise<void>;
  startOutcome(id: string): Promise<JobOutcome>;
  /** Adds the graph of this fence, in one step: all of it, or as much as is planned and the job that plans the rest. */
  dispatch(encoding: InWork | Playable): Promise<void>;
  /** Adds the chunks that are not in the graph yet. @throws if there is no graph */
  addChunks(encoding: InWork | Playable): Promise<void>;
  /** Jobs that the encoders there are can take at a time; 0 if there are none. */
  slots(): Promise<number>;
  finishOutcome(ref: Ref, fence: number): Promise<JobOutcome>;
  /** Adds the finishing alone, after it failed. */
  finishAnew(ref: Ref, fence: number): Promise<void>;
  outcomes(encoding: InWork | Playable): Promise<Outcomes>;
  /** Takes away what waits, and media work that runs: its workers end it within seconds. Other work learns from the fence. */
  remove(encoding: Encoding, fence: number): Promise<void>;
  sweep(prefix: string, videoId: string, round: number, delayMs: number): Promise<void>;
  /** The following of a remote job goes on at once; `busy` if it is at work this moment. */
  wakeFollower(ref: Ref, fence: number): Promise<'woken' | 'busy' | 'absent'>;
  /** Something was heard of the remote job: the follower needn't ask before `delayMs` have passed. */
  putOffFollower(ref: Ref, fence: number, delayMs: number): Promise<void>;
  /** Jobs that wait for our own workers, and for how long the next of them has. */
  waiting(): Promise<{ readonly waiting: number; readonly waitedSeconds: number }>;
}

export interface DueSweep {
  readonly prefix: string;
  readonly videoId: string;
  readonly round: number;
}

/** Prefixes to be emptied, in rounds: a writer may have been at work still. */
export interface Sweeps {
  find(prefix: string): Promise<{ videoId: string; round: number; dueAt: Date } | undefined>;
  /** The round is done; the next is due after `delayMs`. */
  next(prefix: string, round: number, delayMs: number): Promise<void>;
  /** All rounds are done; when it was a video's prefix, its encodings are forgotten. */
  done(prefix: string): Promise<void>;
  /** Those that should have been done by `before`. */
  due(before: Date): Promise<DueSweep[]>;
}

/** News that may be lost, since the next replaces them. Never waits. */
export interface ProgressSignals {
  progressed(ref: Ref, progress: number, secondsLeft: number | null): void;
}

/** Asks for the manifests of an encoding to be written. Never waits. */
export interface ManifestRequests {
  /** @param awaited at once, since there may be nothing to watch before; else soon, with all that lands meanwhile */
  request(encodingId: string, awaited?: boolean): void;
  /** They were written for the last time: what was asked for is done. */
  drop(encodingId: string): void;
}

/** What happened, for logs and metrics; once each. */
export interface Journal {
  accepted(ref: Ref, facts: { width: number; height: number; durationMs: number; engine: Engine }): void;
  playable(ref: Ref, sinceCreatedMs: number): void;
  ready(ref: Ref, sinceCreatedMs: number): void;
  failed(ref: Ref, failure: Failure, reason?: string): void;
  recovered(ref: Ref, how: string): void;
  /** What a service said of a job that it could not do. */
  remoteFailed(ref: Ref, reason: string): void;
}
