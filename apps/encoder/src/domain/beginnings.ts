/** The first segments of videos that this process is at work on. What merely continues something lets them go before. */
export interface Beginnings {
  /** Does work that others let go before. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when none is at work, after so many milliseconds, or when told to stop. */
  over(patienceMs: number, signal: AbortSignal): Promise<void>;
}

export function createBeginnings(): Beginnings {
  let open = 0;
  let ended = Promise.withResolvers<void>();
  return {
    async during(work) {
      open += 1;
      try {
        return await work();
      } finally {
        open -= 1;
        if (open === 0) {
          ended.resolve();
          ended = Promise.withResolvers();
        }
      }
    },
    async over(patienceMs, signal) {
      if (open === 0 || signal.aborted) return;
      const out = Promise.withResolvers<void>();
      const timer = setTimeout(out.resolve, patienceMs);
      const stop = () => out.resolve();
      signal.addEventListener('abort', stop);
      await Promise.race([ended.promise, out.promise]);
      signal.removeEventListener('abort', stop);
      clearTimeout(timer);
    },
  };
}

/** A wait for beginnings that grows impatient: in all, it lasts no longer than this. */
export function patiently(beginnings: Beginnings, signal: AbortSignal, patienceMs = 10_000): () => Promise<void> {
  let left = patienceMs;
  return async () => {
    if (left <= 0) return;
    const since = performance.now();
    await beginnings.over(left, signal);
    left -= performance.now() - since;
  };
}
