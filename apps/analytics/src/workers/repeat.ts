/** Runs a task now and `ms` after each of its ends. Returns a function that ends this and waits for what is under way. */
export function repeat(task: () => Promise<unknown>, ms: number, problem: (error: unknown) => void) {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    await task().catch(problem);
    if (!closed) timer = setTimeout(() => void (running = run()), ms);
  };
  let running = run();
  return async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    await running;
  };
}
