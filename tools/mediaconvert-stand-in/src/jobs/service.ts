import { createHash, randomBytes } from 'node:crypto';
import { type EncodeJob } from '../encode/encode-job';
import { JobFailed, conflict, notFound } from '../errors';
import { type Events } from '../events/events';
import { type CreateJobBody, type Job, isOver } from './job';
import { type Queues } from './queues';

/** How long a `ClientRequestToken` is remembered ("within one minute", says the API reference). */
const TOKEN_MS = 60_000;

export interface JobService {
  create(body: CreateJobBody): Job;
  get(id: string): Job;
  /** The newest first. */
  list(): Job[];
  cancel(id: string): void;
  /** Takes up what is submitted to queues that are active. */
  wake(): void;
  /** Ends what runs. */
  close(): Promise<void>;
}

export interface JobServiceOptions {
  readonly queues: Queues;
  readonly encode: EncodeJob;
  readonly events: Events;
  readonly arnOf: (resource: string) => string;
  /** Milliseconds between two STATUS_UPDATEs; undefined: what the job asks for. */
  readonly updateMs: number | undefined;
  readonly now?: () => number;
}

const intervalOf = ({ request }: Job): number => Number(/\d+/.exec(request.statusUpdateInterval ?? '60')?.[0]) * 1000;

/** Jobs in memory; one is encoded at a time. */
export function createJobService(options: JobServiceOptions): JobService {
  const { queues, encode, events, arnOf, updateMs, now = Date.now } = options;
  const jobs = new Map<string, Job>();
  const tokens = new Map<string, { hash: string; job: Job; at: number }>();
  let running: { job: Job; stop: AbortController; done: Promise<void> } | undefined;
  let closed = false;

  const end = (job: Job, change: Partial<Job>): void => {
    if (isOver(job)) return;
    Object.assign(job, { ...change, finishedAt: new Date(now()) });
    events.changed(job);
  };

  const work = async (job: Job, signal: AbortSignal): Promise<void> => {
    Object.assign(job, { status: 'PROGRESSING', phase: 'PROBING', startedAt: new Date(now()) });
    events.changed(job);
    const timer = setInterval(() => isOver(job) || events.updated(job), updateMs ?? intervalOf(job));
    try {
      const result = await encode(job, signal, (phase, percent) => {
        job.phase = phase;
        job.percent = Math.max(job.percent, percent);
      });
      end(job, { status: 'COMPLETE', percent: 100, phase: undefined, ...result });
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof JobFailed ? error : new JobFailed(1999, `Unknown error: ${String(error)}`);
      end(job, { status: 'ERROR', errorCode: failure.code, errorMessage: failure.message });
    } finally {
      clearInterval(timer);
    }
  };

  const wake = (): void => {
    if (running || closed) return;
    const waiting = [...jobs.values()]
      .filter(
        (job) => job.status === 'SUBMITTED' && queues.list().some((q) => q.arn === job.queue && q.status === 'ACTIVE'),
      )
      .toSorted((a, b) => (b.request.priority ?? 0) - (a.request.priority ?? 0));
    const [job] = waiting;
    if (!job) return;
    const stop = new AbortController();
    const done = work(job, stop.signal).finally(() => {
      running = undefined;
      wake();
    });
    running = { job, stop, done };
  };

  const get = (id: string): Job => {
    const job = jobs.get(id);
    if (!job) throw notFound(`Job ${id}`);
    return job;
  };

  return {
    get,
    wake,
    list: () => [...jobs.values()].toReversed(),
    create(body) {
      const token = body.clientRequestToken;
      const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
      const known = token === undefined ? undefined : tokens.get(token);
      if (known && now() - known.at < TOKEN_MS) {
        if (known.hash !== hash) throw conflict('This ClientRequestToken was used for another request');
        return known.job;
      }
      const queue = queues.find(body.queue);
      const id = `${now()}-${randomBytes(3).toString('hex')}`;
      const job: Job = {
        ...{ id, arn: arnOf(`jobs/${id}`), queue: queue.arn, createdAt: new Date(now()), request: body },
        ...{ status: 'SUBMITTED', phase: undefined, percent: 0, startedAt: undefined, finishedAt: undefined },
        ...{ errorCode: undefined, errorMessage: undefined, outputs: [], playlists: [] },
      };
      jobs.set(id, job);
      if (token !== undefined) tokens.set(token, { hash, job, at: now() });
      setImmediate(wake);
      return job;
    },
    cancel(id) {
      const job = get(id);
      if (isOver(job)) throw conflict(`Job ${id} is ${job.status} and can not be canceled`);
      end(job, { status: 'CANCELED', phase: undefined });
      if (running?.job === job) running.stop.abort();
    },
    async close() {
      closed = true;
      running?.stop.abort();
      await running?.done;
    },
  };
}
