import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows a piece of work through calls, jobs and log lines. */
export interface WorkContext {
  readonly requestId: string;
  readonly videoId?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

export const withContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);
export const currentContext = (): WorkContext | undefined => storage.getStore();
