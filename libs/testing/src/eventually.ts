/**
 * Waits for a condition instead of a time: calls `attempt` until it neither throws nor returns `false`/`undefined`/`null`,
 * and returns what it returned. When time is up, the last error (or the label) is thrown.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  {
    timeoutMs = 15_000,
    intervalMs = 50,
    label = 'the condition',
  }: { timeoutMs?: number; intervalMs?: number; label?: string } = {},
): Promise<Exclude<T, false | undefined | null>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== false && value !== undefined && value !== null)
        return value as Exclude<T, false | undefined | null>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      if (last instanceof Error) {
        last.message = `${label} did not come true within ${timeoutMs} ms: ${last.message}`;
        throw last;
      }
      throw new Error(`${label} did not come true within ${timeoutMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

/** Waits until the assertions in `assert` hold: like {@link eventually}, for `expect`s that return nothing. */
export const eventuallyHolds = (assert: () => unknown, options?: Parameters<typeof eventually>[1]): Promise<true> =>
  eventually(async (): Promise<true> => {
    await assert();
    return true;
  }, options);
