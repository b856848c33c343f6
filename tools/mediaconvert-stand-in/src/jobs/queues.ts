import { badRequest, conflict, notFound } from '../errors';

export interface Queue {
  readonly name: string;
  readonly arn: string;
  status: 'ACTIVE' | 'PAUSED';
  readonly createdAt: Date;
}

/** The queues of the account; jobs of a paused one stay SUBMITTED. There is always `Default`. */
export function createQueues(arnOf: (resource: string) => string) {
  const queues = new Map<string, Queue>();
  const create = (name: string, status: Queue['status'] = 'ACTIVE'): Queue => {
    if (queues.has(name)) throw conflict(`Queue ${name} exists already`);
    const queue: Queue = { name, arn: arnOf(`queues/${name}`), status, createdAt: new Date() };
    queues.set(name, queue);
    return queue;
  };
  const get = (name: string): Queue => {
    const queue = queues.get(name);
    if (!queue) throw notFound(`Queue ${name}`);
    return queue;
  };
  create('Default');
  return {
    create,
    get,
    list: (): Queue[] => [...queues.values()],
    /** By name or ARN, as CreateJob takes it. */
    find(nameOrArn = 'Default'): Queue {
      const queue = [...queues.values()].find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
      if (!queue) throw badRequest(`/queue: there is no queue ${nameOrArn}`);
      return queue;
    },
    remove(name: string): void {
      get(name);
      if (name === 'Default') throw badRequest('The default queue can not be deleted');
      queues.delete(name);
    },
  };
}
export type Queues = ReturnType<typeof createQueues>;

/** As `Queue` of the API, by the names of the wire. */
export const queueToWire = (queue: Queue, counts: { submitted: number; progressing: number }) => ({
  name: queue.name,
  arn: queue.arn,
  status: queue.status,
  type: queue.name === 'Default' ? 'SYSTEM' : 'CUSTOM',
  pricingPlan: 'ON_DEMAND',
  createdAt: queue.createdAt.getTime() / 1000,
  lastUpdated: queue.createdAt.getTime() / 1000,
  submittedJobsCount: counts.submitted,
  progressingJobsCount: counts.progressing,
});
