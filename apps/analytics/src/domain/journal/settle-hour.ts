import { LRUCache } from 'lru-cache';
import { inParallel } from '../in-parallel';
import { type Clock, type DirtyHour, type DirtyQueue, type HourMarks, type Observer, type VideoStore } from '../ports';
import { type Session } from '../session/session';

export interface SettleParts {
  readonly record: (session: Session) => Promise<Session>;
  readonly marks: HourMarks;
  readonly videos: VideoStore;
  readonly dirty: DirtyQueue;
  readonly clock: Clock;
  readonly observe: Observer;
  /** Milliseconds from a change to the rollup of its hour. */
  readonly rollupDelayMs: number;
}

/** Brings news of an hour's sessions into the sessions themselves and marks the hour for rollup. Safe to do again. */
export type SettleHour = (hour: DirtyHour, sessions: Iterable<Session>) => Promise<void>;

/** Writes at once: what eight partitions take without noticing, of as many replicas. */
const WIDTH = 16;

export function createSettleHour(parts: SettleParts): SettleHour {
  const { record, marks, videos, dirty, clock, observe, rollupDelayMs } = parts;
  const registered = new LRUCache<string, true>({ max: 10_000 });

  return async (hour, sessions) => {
    const { videoId } = hour;
    const id = `${videoId}/${hour.hour}`;
    // The hour is known before it has a session, so that a deletion finds it.
    if (!registered.has(id)) {
      await marks.mark(hour);
      registered.set(id, true);
    }
    await inParallel(sessions, WIDTH, record);
    await marks.mark(hour);
    // After the sessions were written and marked: this look or the deletion's own sees the other.
    if (await videos.isGone(videoId)) {
      registered.delete(id);
      return videos.purge(videoId);
    }
    // The quick way only: the mark brings the rollup about without it.
    void dirty.add(hour, clock() + rollupDelayMs).catch((error: unknown) => observe.problem('rollup queue', error));
  };
}
