import { type Logger } from './logger';

/** Order of shutting down: no new requests, then no new jobs, then nothing to send them with, then the connections below. */
const phases = ['http', 'workers', 'queues', 'connections'] as const;
export type Phase = (typeof phases)[number];

/** Collects what must be closed, and closes it in order; within a phase the last opened closes first. */
export class Lifecycle {
  #closers = new Map<Phase, { name: string; close: () => unknown }[]>(phases.map((phase) => [phase, []]));
  #checks = new Map<string, () => Promise<unknown>>();
  #stopping: Promise<void> | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly phaseTimeoutMs = 5_000,
  ) {}

  onStop(phase: Phase, name: string, close: () => unknown): void {
    this.#closers.get(phase)?.unshift({ name, close });
  }

  /** A dependency that must answer for the service to be ready. */
  addCheck(name: string, check: () => Promise<unknown>): void {
    this.#checks.set(name, check);
  }

  get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** The checks that failed or took more than two seconds, by name; empty when ready. */
  async failingChecks(): Promise<string[]> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => {
        const ok = await withTimeout(Promise.resolve().then(check), 2_000).then(
          () => true,
          () => false,
        );
        return ok ? [] : [name];
      }),
    );
    return results.flat();
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    for (const phase of phases) {
      for (const { name, close } of this.#closers.get(phase) ?? []) {
        try {
          await withTimeout(Promise.resolve().then(close), this.phaseTimeoutMs);
        } catch (err) {
          this.logger.warn({ err, phase, name }, 'did not close cleanly');
        }
      }
    }
  }
}

/** Rejects when the work takes longer than `ms`; the work itself goes on. */
export async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${ms} ms`)), ms);
    timer.unref();
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
