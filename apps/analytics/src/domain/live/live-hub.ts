import { type LiveViewers } from '@kinora/contracts-analytics';
import { type Clock, type LiveBoard, type Observer } from '../ports';

type Listener = (event: LiveViewers) => void;

export interface LiveHub {
  /** Calls the listener now and whenever the number changes, at most once a second. Returns how to stop. */
  watch(videoId: string, listener: Listener): () => void;
  readonly watched: number;
}

interface Watched {
  last: LiveViewers | undefined;
  toldAt: number;
  readonly listeners: Set<Listener>;
}

/** Asks for the numbers of all watched videos once a second, however many listen; rests while nobody does. */
export function createLiveHub(
  { live, clock, observe }: { live: LiveBoard; clock: Clock; observe: Observer },
  intervalMs = 1_000,
): LiveHub {
  const videos = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;

  const poll = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    const counts = await live.count(ids, clock());
    ids.forEach((videoId, i) => {
      const video = videos.get(videoId);
      const viewers = counts[i] ?? 0;
      if (!video || video.last?.viewers === viewers) return;
      video.toldAt = performance.now();
      video.last = { videoId, viewers, approximate: true, at: new Date(clock()).toISOString() };
      for (const listener of video.listeners) listener(video.last);
    });
  };

  const failed = (error: unknown): void => observe.problem('live', error);
  const due = (): string[] =>
    [...videos].filter(([, { toldAt }]) => performance.now() - toldAt >= intervalMs).map(([videoId]) => videoId);

  const schedule = (): void => {
    if (timer || videos.size === 0) return;
    timer = setTimeout(() => {
      void poll(due())
        .catch(failed)
        .finally(() => {
          timer = undefined;
          schedule();
        });
    }, intervalMs);
    timer.unref();
  };

  return {
    get watched() {
      return videos.size;
    },
    watch(videoId, listener) {
      const known = videos.get(videoId);
      const video = known ?? { last: undefined, toldAt: -Infinity, listeners: new Set<Listener>() };
      videos.set(videoId, video);
      video.listeners.add(listener);
      if (video.last) listener(video.last);
      if (!known) void poll([videoId]).catch(failed);
      schedule();
      return () => {
        video.listeners.delete(listener);
        if (video.listeners.size === 0 && videos.get(videoId) === video) videos.delete(videoId);
      };
    },
  };
}
