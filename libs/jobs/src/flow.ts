import { type JobSpec } from '@kinora/contracts-common';
import { traced } from '@kinora/service';
import { type FlowJob, FlowProducer } from 'bullmq';
import { type Redis } from 'ioredis';
import { type z } from 'zod';
import { enclose } from './envelope';
import { optionsOf } from './producer';

/** What a child's final failure means to its parent: the parent runs at once and sees it, or runs later as if the child were not there. */
export type OnFailure = 'tell-parent' | 'ignore';

export interface FlowNode {
  readonly job: FlowJob;
}

/** A node of a job graph: it runs when all its children are done. Lower priorities go first; 0 (none) before all. */
export function flowNode<D extends z.ZodType, R extends z.ZodType>(
  spec: JobSpec<D, R>,
  data: z.input<D>,
  {
    children = [],
    priority,
    onFailure = 'tell-parent',
  }: { children?: readonly FlowNode[]; priority?: number; onFailure?: OnFailure } = {},
): FlowNode {
  const parsed = spec.data.parse(data);
  return {
    job: {
      name: spec.name,
      queueName: spec.queue,
      data: enclose(parsed),
      opts: {
        ...optionsOf(spec, parsed),
        ...(priority !== undefined && { priority }),
        ...(onFailure === 'ignore' ? { ignoreDependencyOnFailure: true } : { continueParentOnFailure: true }),
      },
      children: children.map((child) => child.job),
    },
  };
}

export interface Flows {
  /** Adds a graph in one atomic step; nodes whose identity is known are left as they are. */
  add(root: FlowNode): Promise<void>;
  close(): Promise<void>;
}

export function createFlows(connection: Redis): Flows {
  const producer = new FlowProducer({ connection });
  return {
    async add(root) {
      // The root has no parent to tell.
      const { continueParentOnFailure: _none, ...opts } = root.job.opts ?? {};
      await traced(`send ${root.job.name}`, { kind: 'producer', attributes: { queue: root.job.queueName } }, () =>
        producer.add({ ...root.job, opts }),
      );
    },
    close: () => producer.close(),
  };
}
