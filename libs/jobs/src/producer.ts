import { type JobSpec } from '@kinora/contracts-common';
import { traced } from '@kinora/service';
import { type JobsOptions, Queue } from 'bullmq';
import { type Redis } from 'ioredis';
import { type z } from 'zod';
import { enclose } from './envelope';

/** BullMQ's options for a job of this kind. */
export const optionsOf = <D extends z.ZodType, R extends z.ZodType>(
  spec: JobSpec<D, R>,
  data: z.output<D>,
): JobsOptions => ({
  jobId: spec.identity(data),
  attempts: spec.policy.attempts,
  backoff: { type: 'exponential', delay: spec.policy.backoffMs },
  removeOnComplete: { age: spec.policy.keepCompletedSeconds ?? 3_600 },
  removeOnFail: { age: 7 * 86_400 },
});

export interface Producer<D extends z.ZodType> {
  /** Adds the job unless one of the same identity is known. Returns the identity. */
  enqueue(data: z.input<D>, options?: { priority?: number; delayMs?: number }): Promise<string>;
  close(): Promise<void>;
}

export function createProducer<D extends z.ZodType, R extends z.ZodType>(
  spec: JobSpec<D, R>,
  connection: Redis,
): Producer<D> {
  const queue = new Queue(spec.queue, { connection });
  return {
    async enqueue(data, { priority, delayMs } = {}) {
      const parsed = spec.data.parse(data);
      const options = {
        ...optionsOf(spec, parsed),
        ...(priority !== undefined && { priority }),
        ...(delayMs !== undefined && { delay: delayMs }),
      };
      await traced(`send ${spec.name}`, { kind: 'producer', attributes: { queue: spec.queue } }, () =>
        queue.add(spec.name, enclose(parsed), options),
      );
      return spec.identity(parsed);
    },
    close: () => queue.close(),
  };
}
