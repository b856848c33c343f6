import { type LandedTrack } from '@kinora/contracts-transcode';
import { type MediaInput } from '@kinora/media';
import { type Readable } from 'node:stream';
import { type Beginnings } from './beginnings';

/** What one run of ffmpeg may use up before it is ended. */
export interface RunLimits {
  readonly wallMs: number;
  readonly outputBytes: number;
}

export interface FfmpegRun {
  readonly args: readonly string[];
  /**
   * Takes what is written to file descriptor 3, 4, …. While a sink's promise is open, no more is read of its pipe, and
   * ffmpeg waits. One that rejects ends the run with its error.
   */
  readonly outputs: readonly ((bytes: Uint8Array) => Promise<void> | void)[];
  readonly stdin?: Readable;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
  /** Somebody waits for it: it goes before other runs. @default false */
  readonly urgent?: boolean;
}

export interface FfmpegExit {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** Beginning and end of what it said. */
  readonly stderr: string;
  /** The limit for which we ended it. */
  readonly exceeded?: 'time' | 'bytes' | 'memory';
}

/** Runs ffmpeg. Resolves however it ends by itself; rejects when the signal aborts or a sink fails, the process being dead by then. */
export interface Ffmpeg {
  run(run: FfmpegRun): Promise<FfmpegExit>;
}

export interface Source {
  /** How ffmpeg reads it by itself. */
  readonly input: MediaInput;
  /** Changes whenever its bytes may have changed. */
  readonly version: string;
  /** Called when nothing reads it any more. */
  readonly release?: () => Promise<void>;
}

/** Sources, and the media that we write. */
export interface MediaStore {
  /**
   * @param seconds of the source that are read at most, from its beginning: that may be cheaper
   * @throws PermanentFailure `source.missing`
   */
  source(key: string, seconds?: number): Promise<Source>;
  /** Writes an immutable object of published media. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Writes it unless there is one; false if there was. */
  putNew(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined if there is none. */
  get(key: string): Promise<Readable | undefined>;
}

export interface SegmentReport {
  readonly encodingId: string;
  readonly fence: number;
  readonly jobId: string;
  readonly encodedSeconds: number;
  readonly tracks: LandedTrack[];
}

/** Tells transcode what has landed. */
export interface Reports {
  /** `stale`: a newer attempt, a cancellation or a deletion has taken over. Rejects if nobody answers. */
  send(report: SegmentReport): Promise<'accepted' | 'stale'>;
}

/** A failure that no further attempt can mend; its code and sentence reach the person. */
export type Refuse = (code: string, sentence: string) => Error;

/** What every job here works with. */
export interface EncodeDeps {
  readonly ffmpeg: Ffmpeg;
  readonly store: MediaStore;
  readonly reports: Reports;
  readonly beginnings: Beginnings;
  readonly refuse: Refuse;
  /** The programs that encode, with their versions. */
  readonly build: () => Promise<string>;
  /** Threads of each run of a chunk; undefined leaves it to us. */
  readonly threads: number | undefined;
  /** That this process may use. */
  readonly cores: number;
  readonly warn: (error: unknown, message: string) => void;
}

/** The part of a job that is not its payload. */
export interface JobRun {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}
