import { type Journal } from '../domain/journal/journal';
import { type Observer } from '../domain/ports';
import { repeat } from './repeat';

export interface JournalWorkerParts {
  readonly journal: Journal;
  readonly recover: () => Promise<number>;
  readonly observe: Observer;
  readonly SESSION_GATHER_MS: number;
  readonly JOURNAL_LEASE_MS: number;
}

/** Writes sessions when they are due and looks after the journals of writers that have died. Closing writes all that is held. */
export function startJournalWorker(parts: JournalWorkerParts): { close(): Promise<void> } {
  const { journal, recover, observe } = parts;
  const report = (errors: unknown[]): void => errors.forEach((error) => observe.problem('journal', error));
  const stops = [
    repeat(
      async () => report(await journal.tick()),
      Math.min(1_000, Math.max(100, parts.SESSION_GATHER_MS / 4)),
      (error) => report([error]),
    ),
    repeat(recover, parts.JOURNAL_LEASE_MS / 4, (error) => observe.problem('journal of another', error)),
  ];
  return {
    async close() {
      await Promise.all(stops.map((stop) => stop()));
      report(await journal.close());
    },
  };
}
