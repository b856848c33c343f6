import { badRequest } from '../errors';
import { type CreateJobBody, type Job, toWire } from '../jobs/job';
import { type Queue, type Queues, queueToWire } from '../jobs/queues';
import { type JobService } from '../jobs/service';
import { ruleProblems } from '../model/rules';

export interface Call {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Checked against the model. */
  readonly body: unknown;
}

/** What an operation answers, by the names of the wire. */
export type Handler = (call: Call) => unknown;

const PAGE = 20;

/** A page of a list, and the token of the next. */
function pageOf<T>(items: readonly T[], query: URLSearchParams): { page: readonly T[]; nextToken?: string } {
  const from = Number(query.get('nextToken') ?? 0);
  const size = Number(query.get('maxResults') ?? PAGE);
  const more = from + size < items.length;
  return { page: items.slice(from, from + size), ...(more && { nextToken: String(from + size) }) };
}

/** The operations that are there, by their names in the model. */
export function createApi(jobs: JobService, queues: Queues, url: () => string): Readonly<Record<string, Handler>> {
  const withCounts = (queue: Queue) => {
    const count = (status: Job['status']) =>
      jobs.list().filter((job) => job.queue === queue.arn && job.status === status).length;
    return queueToWire(queue, { submitted: count('SUBMITTED'), progressing: count('PROGRESSING') });
  };
  return {
    CreateJob({ body }) {
      const request = body as CreateJobBody;
      const problems = ruleProblems(request.settings);
      if (problems.length > 0) throw badRequest(problems.join('; '));
      return { job: toWire(jobs.create(request)) };
    },
    GetJob: ({ labels }) => ({ job: toWire(jobs.get(labels['id'] ?? '')) }),
    CancelJob({ labels }) {
      jobs.cancel(labels['id'] ?? '');
      return {};
    },
    ListJobs({ query }) {
      const [status, queue] = [query.get('status'), query.get('queue')];
      const arn = queue === null ? undefined : queues.find(queue).arn;
      const found = jobs
        .list()
        .filter((job) => (status === null || job.status === status) && (arn === undefined || job.queue === arn));
      const { page, nextToken } = pageOf(query.get('order') === 'ASCENDING' ? found.toReversed() : found, query);
      return { jobs: page.map(toWire), ...(nextToken !== undefined && { nextToken }) };
    },
    CreateQueue({ body }) {
      const { name, status } = body as { name: string; status?: Queue['status'] };
      return { queue: withCounts(queues.create(name, status)) };
    },
    GetQueue: ({ labels }) => ({ queue: withCounts(queues.get(labels['name'] ?? '')) }),
    ListQueues({ query }) {
      const { page, nextToken } = pageOf(queues.list(), query);
      return { queues: page.map(withCounts), ...(nextToken !== undefined && { nextToken }) };
    },
    UpdateQueue({ labels, body }) {
      const queue = queues.get(labels['name'] ?? '');
      queue.status = (body as { status?: Queue['status'] }).status ?? queue.status;
      jobs.wake();
      return { queue: withCounts(queue) };
    },
    DeleteQueue({ labels }) {
      queues.remove(labels['name'] ?? '');
      return {};
    },
    DescribeEndpoints: () => ({ endpoints: [{ url: url() }] }),
    ListTagsForResource({ labels }) {
      const job = jobs.list().find(({ arn }) => arn === labels['arn']);
      return { resourceTags: { arn: labels['arn'] ?? '', tags: job?.request.tags ?? {} } };
    },
  };
}
