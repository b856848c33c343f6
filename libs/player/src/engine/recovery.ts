import { type Fault } from './engine';

/** The ladder: try again → a new grant → load anew at the same place → the browser's own player → give up. */
export type Remedy = 'wait-online' | 'retry' | 'renew' | 'reload' | 'native' | 'fail';

export interface Attempts {
  readonly retry: number;
  readonly renew: number;
  readonly reload: number;
  readonly native: number;
}

export const noAttempts: Attempts = { retry: 0, renew: 0, reload: 0, native: 0 };

/** At most so many of each until playback has advanced again. */
const BUDGET: Attempts = { retry: 6, renew: 2, reload: 2, native: 1 };

/**
 * The next remedy for a fault, given what was tried since playback last advanced.
 * @param nativePlays whether the browser can play HLS without an engine
 */
export function remedyFor(
  fault: Fault,
  tried: Attempts,
  { online, nativePlays }: { online: boolean; nativePlays: boolean },
): Remedy {
  const left = (remedy: keyof Attempts) => tried[remedy] < BUDGET[remedy];
  switch (fault.kind) {
    case 'refused':
      return left('renew') ? 'renew' : 'fail';
    case 'network':
    case 'gone':
      if (!online) return 'wait-online';
      if (left('retry')) return 'retry';
      // Encoded again, perhaps, and the old media removed: a new grant knows the new addresses, for the load that follows.
      if (fault.kind === 'gone' && tried.renew === 0) return 'renew';
      return left('reload') ? 'reload' : 'fail';
    case 'media':
    case 'other':
      return left('reload') ? 'reload' : nativePlays && left('native') ? 'native' : 'fail';
    case 'manifest':
      // A manifest may be caught in the middle of being replaced.
      return left('reload') ? 'reload' : 'fail';
    case 'unsupported':
      return nativePlays && left('native') ? 'native' : 'fail';
  }
}

/** Milliseconds before the n-th retry: doubling from half a second to eight, with jitter. @param chance 0–1 */
export const retryDelay = (n: number, chance = Math.random()): number =>
  Math.min(8000, 500 * 2 ** n) * (0.75 + chance / 2);

/** A sentence for the person in front of the screen. */
export function explain(fault: Fault): string {
  switch (fault.kind) {
    case 'refused':
      return 'The permission to watch this video has ended. Reload the page to ask for a new one.';
    case 'network':
      return 'The connection to the video was lost. Check your network and try again.';
    case 'gone':
      return 'A part of this video could not be found. It may have been removed or replaced.';
    case 'media':
      return 'Your browser could not decode this video.';
    case 'manifest':
      return 'The description of this video could not be read.';
    case 'unsupported':
      return 'This browser cannot play this kind of video.';
    case 'other':
      return 'Playback stopped because of an unexpected error.';
  }
}
