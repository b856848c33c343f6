import { type Logger } from '@kinora/service';

export interface Periodic {
  /** Waits for the run at hand. */
  close(): Promise<void>;
}

/** Runs the work now, and again `seconds` after each run has ended. A failure is logged and waits for the next run. */
export function periodically(name: string, seconds: number, work: () => Promise<unknown>, logger: Logger): Periodic {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let running: Promise<void>;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (err) {
      logger.warn({ err, work: name }, 'will be tried again');
    }
    if (!closed) timer = setTimeout(() => void (running = run()), seconds * 1_000);
  };
  running = run();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
