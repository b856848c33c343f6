import { noTracks, type Tracks } from '../engine/engine';

export interface PlayerFailure {
  readonly code: string;
  readonly message: string;
}

/** All that the controls show. Times are seconds. */
export interface PlayerState {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  /** The first frame has been shown; until then the poster is. */
  readonly started: boolean;
  /** Play was asked for, whether or not frames move yet. */
  readonly playing: boolean;
  readonly ended: boolean;
  /** Frames should move but don't. */
  readonly buffering: boolean;
  readonly offline: boolean;
  readonly time: number;
  readonly duration: number;
  /** How far one can seek: less than the duration while the video is still being encoded. */
  readonly available: number;
  readonly buffered: readonly (readonly [number, number])[];
  readonly volume: number;
  readonly muted: boolean;
  readonly rate: number;
  readonly pip: boolean;
  readonly fullscreen: boolean;
  readonly tracks: Tracks;
  /** Rung of the picture on screen, which trails the one being fetched. */
  readonly shownRung: string | undefined;
  readonly storyboard: string | null;
  readonly failure: PlayerFailure | undefined;
  /** What was last done by key, for the polite live region; the number tells equal texts apart. */
  readonly said: { readonly text: string; readonly n: number };
}

export const initialState: PlayerState = {
  status: 'idle',
  started: false,
  playing: false,
  ended: false,
  buffering: false,
  offline: false,
  time: 0,
  duration: 0,
  available: 0,
  buffered: [],
  volume: 1,
  muted: false,
  rate: 1,
  pip: false,
  fullscreen: false,
  tracks: noTracks,
  shownRung: undefined,
  storyboard: null,
  failure: undefined,
  said: { text: '', n: 0 },
};

export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** A value that views can follow (`useSyncExternalStore`). */
export class Store<T extends object> {
  #listeners = new Set<() => void>();
  constructor(private value: T) {}
  readonly get = (): T => this.value;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  set(change: Partial<T>): void {
    const keys = Object.keys(change) as (keyof T)[];
    if (keys.every((key) => Object.is(this.value[key], change[key]))) return;
    this.value = { ...this.value, ...change };
    this.#listeners.forEach((listener) => listener());
  }
}
