import { type SessionClaims } from '@kinora/contracts-analytics';
import { type Day, type Hour } from './calendar';
import { type DayRollup, type HourRollup } from './rollup/rollup';
import { type Facts, type Session, type SessionKey } from './session/session';

/** Milliseconds since the epoch. */
export type Clock = () => number;

export interface SessionTokens {
  /**
   * The claims of a session token.
   * @throws DomainError `session.invalid` when it is not ours, `session.ended` when it has expired longer ago than players may be late.
   */
  verify(token: string): Promise<SessionClaims>;
}

/** Sessions; reads see every write that was answered before. */
export interface SessionStore {
  get(key: SessionKey): Promise<{ session: Session; version: number } | undefined>;
  /** Writes if the stored version is still the expected one (0: there is none). False when somebody was quicker. */
  put(session: Session, expected: number): Promise<boolean>;
  /** All sessions that began in an hour and have not expired, page by page. */
  ofHour(videoId: string, hour: Hour): AsyncIterable<Session>;
}

/** A writer of the journal, and how far it has come. */
export interface Announcement {
  readonly writer: string;
  /** New with every announcement. */
  readonly beat: string;
  /** The sessions of all entries up to this one are written. */
  readonly done: number;
}

/** What was acknowledged and may not be in the sessions yet: entries of writers, each by one process, in order. */
export interface JournalStore {
  append(writer: string, sequence: number, sessions: readonly Session[]): Promise<void>;
  /** Everything in a writer's entries after the given one. */
  after(writer: string, sequence: number): AsyncIterable<Session>;
  announce(announcement: Announcement): Promise<void>;
  /** The last announcements of all writers that were not retired. */
  writers(): Promise<Announcement[]>;
  /** Forgets a writer, unless it has announced itself again. */
  retire(announcement: Announcement): Promise<void>;
}

/** An hour of a video whose sessions changed since its rollup. */
export interface DirtyHour {
  readonly videoId: string;
  readonly hour: Hour;
}

/**
 * The durable record of hours that have sessions, and of those to be rolled up. A mark is put after sessions were written and taken away
 * only if it is still the one that was there before they were read.
 */
export interface HourMarks {
  mark(dirty: DirtyHour): Promise<void>;
  read(dirty: DirtyHour): Promise<string | undefined>;
  /** False when the hour has been marked anew. */
  clear(dirty: DirtyHour, mark: string): Promise<boolean>;
  /** Every marked hour of every video; may lag behind by moments. */
  marked(): AsyncIterable<DirtyHour>;
  /** Every hour of a video that ever had a session. */
  ofVideo(videoId: string): Promise<Hour[]>;
}

export interface Stored<R> {
  /** The hour or day. */
  readonly period: string;
  readonly rollup: R;
  readonly digest: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly computedAt: number;
}

/** Rollups of one size of period. */
export interface RollupTable<R> {
  get(videoId: string, period: string): Promise<Stored<R> | undefined>;
  /** Those with from ≤ period ≤ to, in order. */
  range(videoId: string, from: string, to: string): Promise<Stored<R>[]>;
  /** Replaces if the stored version is still the expected one (0: there is none). False when somebody was quicker. */
  replace(videoId: string, next: Stored<R>, expected: number): Promise<boolean>;
}

export interface RollupStore {
  readonly hours: RollupTable<HourRollup>;
  readonly days: RollupTable<DayRollup>;
}

export interface Duration {
  readonly durationMs: number;
  /** When the token that told it was issued; the newest wins. */
  readonly issuedAt: number;
  /** The hours rolled up with another duration have been marked. */
  readonly spread: boolean;
}

/** What is known of a video beside its numbers. */
export interface VideoStore {
  duration(videoId: string): Promise<Duration | undefined>;
  /** False when a newer token has told another. */
  setDuration(videoId: string, duration: Duration): Promise<boolean>;
  isGone(videoId: string): Promise<boolean>;
  /** Remembers that the video was deleted. */
  bury(videoId: string): Promise<void>;
  /** Removes everything of a video but the memory that it was deleted. */
  purge(videoId: string): Promise<void>;
}

export type { Day, Hour };

/** When which hour is to be rolled up: quick, shared by all replicas, and rebuilt from the marks when lost. */
export interface DirtyQueue {
  /** Due at the given time, or earlier if it was already. */
  add(dirty: DirtyHour, dueAt: number): Promise<void>;
  /** Takes one that is due, for this caller alone; undefined when none is. */
  take(now: number): Promise<DirtyHour | undefined>;
  /** Keeps others off an hour; undefined when somebody else does, with the milliseconds that this lasts at most. */
  lock(dirty: DirtyHour, ms: number): Promise<{ locked: true } | { locked: false; retryMs: number }>;
  /** Lets others at it after a pause. */
  unlock(dirty: DirtyHour, pauseMs: number): Promise<void>;
}

/** Who is watching at this moment; approximate. */
export interface LiveBoard {
  set(videoId: string, sessionId: string, presentUntil: number | undefined): Promise<void>;
  count(videoIds: readonly string[], now: number): Promise<number[]>;
  forget(videoId: string): Promise<void>;
}

export interface VideoOwners {
  /** The owner; undefined when there is no such video. */
  ownerOf(videoId: string): Promise<string | undefined>;
}

/** What is counted for operators. */
export interface Observer {
  beacons(outcome: 'accepted' | 'refused', reason: string, count: number): void;
  rollup(level: 'hour' | 'day', seconds: number): void;
  /** A session was written: what was known of it before (nothing of a new one), and what is now. */
  session(before: Facts | undefined, after: Facts): void;
  problem(what: string, error: unknown): void;
}
