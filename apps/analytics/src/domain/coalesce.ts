interface Waiting<V, R> {
  value: V;
  readonly result: Promise<R>;
  readonly settle: (outcome: Promise<R>) => void;
}

/**
 * Runs at most one piece of work per key at a time in this process. What is asked for while one runs is combined and done together in the
 * next run, which starts after all of it was asked for: whoever waits knows that the work saw their value. A group commit.
 */
export function coalesce<V, R>(
  combine: (a: V, b: V) => V,
  work: (key: string, value: V) => Promise<R>,
): (key: string, value: V) => Promise<R> {
  const busy = new Set<string>();
  const waiting = new Map<string, Waiting<V, R>>();

  const run = async (key: string, value: V): Promise<R> => {
    busy.add(key);
    try {
      return await work(key, value);
    } finally {
      busy.delete(key);
      const next = waiting.get(key);
      waiting.delete(key);
      if (next) next.settle(run(key, next.value));
    }
  };

  return (key, value) => {
    if (!busy.has(key)) return run(key, value);
    const known = waiting.get(key);
    if (known) {
      known.value = combine(known.value, value);
      return known.result;
    }
    const { promise, resolve } = Promise.withResolvers<R>();
    waiting.set(key, { value, result: promise, settle: resolve });
    return promise;
  };
}
