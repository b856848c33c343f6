import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows a piece of work through calls, jobs and log lines. */
export interface WorkContext {
  readonly requestId: string;
  readonly videoId?: string;
  /** The span under way, as W3C writes it; only while traces are recorded. */
  readonly traceparent?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

export const withContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);
export const currentContext = (): WorkContext | undefined => storage.getStore();
