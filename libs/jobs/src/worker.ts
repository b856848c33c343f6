import { type JobSpec } from '@kinora/contracts-common';
import { type Logger, type Metrics, traced } from '@kinora/service';
import { DelayedError, type Job, UnrecoverableError, WaitingChildrenError, WaitingError, Worker } from 'bullmq';
import { type Redis } from 'ioredis';
import { z } from 'zod';
import { type Envelope, inContextOf } from './envelope';
import { PermanentFailure, parseFailure } from './failure';

export interface JobContext {
  readonly id: string;
  /** Aborted when the lock is lost or the worker closes; the work should end at once. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
  progress(value: number | object): Promise<void>;
  /** Failures of children that a flow let pass, by identity. */
  failedChildren(): Promise<Record<string, { code: string; message: string }>>;
  /** Results of the children that succeeded. */
  childResults(): Promise<unknown[]>;
  /**
   * For a parent that a failed child woke early: gives the job back until every child is done, by throwing what the worker
   * understands (let it pass). Returns when no child is left to wait for.
   */
  awaitChildren(): Promise<void>;
  /** Gives the job back for so long, without an attempt charged, by throwing what the worker understands (let it pass). */
  postpone(delayMs: number): Promise<never>;
}

export interface JobHandler {
  readonly queue: string;
  readonly name: string;
  run(job: Job, signal: AbortSignal, token?: string): Promise<unknown>;
}

const contextOf = (job: Job, signal: AbortSignal, token = ''): JobContext => ({
  id: job.id ?? '',
  signal,
  attempt: job.attemptsMade + 1,
  lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
  progress: (value) => job.updateProgress(value),
  failedChildren: async () =>
    Object.fromEntries(
      Object.entries(await job.getIgnoredChildrenFailures()).map(([key, reason]) => [
        key.slice(key.lastIndexOf(':') + 1),
        parseFailure(reason) ?? { code: 'internal', message: reason },
      ]),
    ),
  childResults: async () => Object.values(await job.getChildrenValues<unknown>()),
  awaitChildren: async () => {
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
  },
  postpone: async (delayMs) => {
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  },
});

export interface HandleOptions {
  /** Run although children have failed; else the job fails as its first failed child did. */
  readonly evenIfChildrenFailed?: boolean;
}

/** Binds a job to its handler. A payload that does not parse never gets better, so it fails at once. */
export const handle = <D extends z.ZodType, R extends z.ZodType>(
  spec: JobSpec<D, R>,
  work: (data: z.output<D>, context: JobContext) => Promise<z.input<R>>,
  options: HandleOptions = {},
): JobHandler => ({
  queue: spec.queue,
  name: spec.name,
  async run(job, signal, token) {
    const envelope = job.data as Envelope;
    const parsed = spec.data.safeParse(envelope.payload);
    if (!parsed.success) throw new PermanentFailure('job.payload_invalid', z.prettifyError(parsed.error));
    const context = contextOf(job, signal, token);
    if (!options.evenIfChildrenFailed) {
      const [failure] = Object.values(await context.failedChildren());
      if (failure) throw new PermanentFailure(failure.code, failure.message);
    }
    const start = {
      kind: 'consumer',
      attributes: { queue: spec.queue, job: context.id, attempt: context.attempt },
    } as const;
    return inContextOf(envelope, parsed.data, () =>
      traced(spec.name, start, async () => spec.result.parse(await work(parsed.data, context))),
    );
  },
});

export interface WorkerOptions {
  readonly connection: Redis;
  readonly concurrency: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Milliseconds until another worker may take the job of a dead one; 10 s unless told. */
  readonly lockMs?: number;
}

export interface RunningWorker {
  /** Stops taking jobs and waits for those at work; `abort` ends them at once and gives them back to the queue. */
  close(options?: { abort?: boolean }): Promise<void>;
}

/** A new job wakes the workers that wait for one; so often they ask all the same. */
export const ASK_AGAIN_S = 30;

/** Why a job was aborted: its worker closes. */
const SHUTDOWN = 'shutdown';
/** Why a job was aborted: another worker has it by now, or it was taken away ({@link revokeJob}). */
const LOST = 'lock lost';

/** Consumes one queue with a handler per job name. */
export function startWorker(
  handlers: readonly JobHandler[],
  { connection, concurrency, metrics, logger, lockMs = 10_000 }: WorkerOptions,
): RunningWorker {
  const queue = handlers[0]?.queue;
  if (queue === undefined || handlers.some((one) => one.queue !== queue))
    throw new Error('a worker needs handlers of one queue');
  const byName = new Map(handlers.map((one) => [one.name, one]));
  const worker = new Worker(
    queue,
    // BullMQ makes a signal only for processors that declare three parameters, none with a default.
    async (job, token, signal) => {
      const handler = byName.get(job.name);
      if (!handler) throw new UnrecoverableError(`[job.unknown] no handler for ${job.name}`);
      const end = metrics.jobs.startTimer({ queue, job: job.name });
      try {
        const result = await handler.run(job, signal ?? new AbortController().signal, token);
        end({ outcome: 'ok' });
        return result;
      } catch (error) {
        if (error instanceof WaitingChildrenError || error instanceof DelayedError) {
          end({ outcome: 'returned' });
          throw error;
        }
        if (signal?.aborted && signal.reason === LOST) {
          // How it ends is not ours to say.
          end({ outcome: 'returned' });
          throw new WaitingError();
        }
        if (signal?.aborted && signal.reason === SHUTDOWN) {
          // Not the job's fault: back to the queue at once, without an attempt charged.
          end({ outcome: 'returned' });
          await job.moveToWait(token);
          throw new WaitingError();
        }
        end({ outcome: error instanceof UnrecoverableError ? 'refused' : 'error' });
        throw error;
      }
    },
    // A job may lose its worker many times (deployments, spot nodes) before that says anything about the job.
    {
      connection,
      concurrency,
      // How many jobs it takes at a time, for who counts workers: see `slotsOf`.
      name: String(concurrency),
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: 20,
      drainDelay: ASK_AGAIN_S,
      settings: { backoffStrategy: (attempt) => Math.min(1_000 * 2 ** attempt, 60_000) },
    },
  );
  worker.on('error', (err) => logger.warn({ err, queue }, 'worker error'));
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => worker.cancelJob(id, LOST)));
  worker.on('failed', (job, err) => {
    const envelope = (job?.data ?? { payload: undefined, context: {} }) as Envelope;
    inContextOf(envelope, envelope.payload, () =>
      logger.warn({ err, queue, job: job?.name, id: job?.id, attempt: job?.attemptsMade }, 'job failed'),
    );
  });
  return {
    async close({ abort = false } = {}) {
      const closing = worker.close();
      // Only now, or this worker would take the jobs that it gives back.
      if (abort) worker.cancelAllJobs(SHUTDOWN);
      await closing;
    },
  };
}
