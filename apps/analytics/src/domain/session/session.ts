import { type Dimensions, type PlayerState, type SessionClaims } from '@kinora/contracts-analytics';
import { type Hour, hourOf } from '../calendar';

/** Where a session lives: its video, the hour in which it began, its id. All of it is in the session token. */
export interface SessionKey {
  readonly videoId: string;
  readonly hour: Hour;
  readonly sessionId: string;
}

export interface SessionError {
  readonly id: string;
  readonly code: string;
  readonly fatal: boolean;
  readonly mono: number;
}

/** The k-th stretch of uninterrupted playback: media time [from, to] in tenths of a second. */
export type Run = readonly [from: number, to: number];

/**
 * What beacons say of a session, merged. Integers only (milliseconds; positions and runs in tenths of a second), so that every sum made of
 * them is exact in any order.
 */
export interface Facts {
  readonly newest: {
    readonly sn: number;
    readonly mono: number;
    readonly state: PlayerState;
    readonly position: number;
  };
  /** From the lowest sequence number that brought any. */
  readonly dimensions: { readonly sn: number; readonly value: Dimensions } | null;
  readonly mono: number;
  /** When the viewer was last there, from the begin of the session. */
  readonly active: number;
  readonly attempted: boolean;
  readonly startup: number | null;
  readonly playing: number;
  readonly stall: number;
  readonly stalls: number;
  readonly seek: number;
  readonly seeks: number;
  readonly pause: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly switchesUp: number;
  readonly switchesDown: number;
  readonly upscaleSum: number;
  readonly upscaleMax: number;
  readonly rungs: Readonly<Record<string, number>>;
  readonly errors: readonly SessionError[];
  readonly runs: Readonly<Record<string, Run>>;
  readonly overflow: Readonly<Record<string, number>>;
}

/** A session as it is kept. No address and no user agent is part of it. */
export interface Session {
  readonly key: SessionKey;
  /** Seconds since the epoch. */
  readonly begin: number;
  /** Pseudonym of the viewer, when there is one. */
  readonly viewer: string | null;
  readonly facts: Facts;
  /** Least (arrival − client's clock) of all beacons: offset of the clocks plus the quickest trip. Never used to order anything. */
  readonly skew: number;
}

export const keyOf = (claims: SessionClaims): SessionKey => ({
  videoId: claims.vid,
  hour: hourOf(claims.beg * 1000),
  sessionId: claims.sid,
});
