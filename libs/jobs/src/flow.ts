import { type JobSpec } from '@kinora/contracts-common';
import { traced } from '@kinora/service';
import {
  type BackendFactory,
  type FlowJob,
  FlowProducer,
  Queue,
  type RedisQueueBackend,
  createRedisBackend,
} from 'bullmq';
import { type Redis } from 'ioredis';
import { type z } from 'zod';
import { enclose } from './envelope';
import { optionsOf } from './producer';

/** What a child's final failure means to its parent: the parent runs at once and sees it, or runs later as if the child were not there. */
export type OnFailure = 'tell-parent' | 'ignore';

export interface FlowNode {
  readonly job: FlowJob;
}

/**
 * A node of a job graph: it runs when all its children are done. Lower priorities go first; 0 (none) before all.
 * @param data as its types have it: who runs the job parses it, and there may be thousands of nodes
 */
export function flowNode<D extends z.ZodType, R extends z.ZodType>(
  spec: JobSpec<D, R>,
  data: z.output<D>,
  {
    children = [],
    priority,
    onFailure = 'tell-parent',
  }: { children?: readonly FlowNode[]; priority?: number; onFailure?: OnFailure } = {},
): FlowNode {
  return {
    job: {
      name: spec.name,
      queueName: spec.queue,
      data: enclose(data),
      opts: {
        ...optionsOf(spec, data),
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
  /**
   * Adds children to a node that still waits for others. Those whose identity is known are left as they are.
   * @throws if there is no such parent
   */
  addChildren(parent: { readonly queue: string; readonly id: string }, children: readonly FlowNode[]): Promise<void>;
  close(): Promise<void>;
}

/** Jobs in one command to Redis. */
const AT_ONCE = 200;

/** For every node of a graph, BullMQ makes all the names of its queue anew; there are few queues. */
const rememberingQueues: BackendFactory<RedisQueueBackend> = (...options) => {
  const backend = createRedisBackend(...options);
  const make = backend.forQueue.bind(backend);
  const made = new Map<string, ReturnType<typeof make>>();
  backend.forQueue = (name, prefix) => {
    const key = `${prefix ?? ''}:${name}`;
    const known = made.get(key) ?? make(name, prefix);
    made.set(key, known);
    return known;
  };
  return backend;
};

/** Those of BullMQ's scripts that add jobs; a name ends with BullMQ's version. */
const ADDS = /^(add\w+Job|releaseParentIfNoPendingDependencies):/;

/**
 * A connection that adds jobs and does nothing else. ioredis copies every script that it knows to every pipeline, and BullMQ makes all
 * of its own known to it: that was a tenth of what adding a graph costs.
 */
function addingOnly(connection: Redis): Redis {
  const own = connection.duplicate();
  const define = own.defineCommand.bind(own);
  own.defineCommand = (name, definition) => {
    if (ADDS.test(name)) define(name, definition);
  };
  return own;
}

export function createFlows(shared: Redis): Flows {
  const connection = addingOnly(shared);
  const producer = new FlowProducer({ connection }, rememberingQueues);
  const queues = new Map<string, Queue>();
  const queueOf = (name: string): Queue => {
    const known = queues.get(name) ?? new Queue(name, { connection });
    queues.set(name, known);
    return known;
  };
  return {
    async add(root) {
      // The root has no parent to tell.
      const { continueParentOnFailure: _none, ...opts } = root.job.opts ?? {};
      await traced(`send ${root.job.name}`, { kind: 'producer', attributes: { queue: root.job.queueName } }, () =>
        producer.add({ ...root.job, opts }),
      );
    },
    async addChildren(parent, children) {
      for (const name of new Set(children.map(({ job }) => job.queueName))) {
        const queue = queueOf(name);
        const to = { id: parent.id, queue: queueOf(parent.queue).qualifiedName };
        const jobs = children.filter(({ job }) => job.queueName === name);
        for (let n = 0; n < jobs.length; n += AT_ONCE) {
          const added = await queue.addBulk(
            jobs
              .slice(n, n + AT_ONCE)
              .map(({ job }) => ({ name: job.name, data: job.data as unknown, opts: { ...job.opts, parent: to } })),
          );
          // Adding many at a time, BullMQ hands on what its script says in place of an id: a negative number if there is no parent.
          if (added.some(({ id }) => Number(id) < 0)) throw new Error(`there is no job ${parent.id}`);
        }
      }
    },
    async close() {
      await Promise.all([producer, ...queues.values()].map((one) => one.close()));
      connection.disconnect();
    },
  };
}
