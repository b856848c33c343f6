/**
 * Gathers what is asked for within a window and does it together: whoever waits knows that their value was part of it. A batch that is full
 * does not wait for the end of its window.
 */
export function batched<V>(
  { windowMs, most }: { windowMs: number; most: number },
  work: (values: V[]) => Promise<void>,
): (value: V) => Promise<void> {
  let open: { readonly values: V[]; readonly done: Promise<void>; close(): void } | undefined;

  const begin = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const values: V[] = [];
    const timer = setTimeout(() => batch.close(), windowMs);
    const batch = {
      values,
      done: promise.then(() => work(values)),
      close() {
        if (open === batch) open = undefined;
        clearTimeout(timer);
        resolve();
      },
    };
    return batch;
  };

  return (value) => {
    const batch = (open ??= begin());
    batch.values.push(value);
    if (batch.values.length >= most) batch.close();
    return batch.done;
  };
}
