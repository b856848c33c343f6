import { type Logger } from '@kinora/service';
import { type Client } from '@opensearch-project/opensearch';
import { setTimeout as wait } from 'node:timers/promises';
import { isCurrent } from './definition';
import { liveIndexes } from './rebuild';

export interface KeeperDeps {
  readonly client: Client;
  readonly rebuild: (signal: AbortSignal) => Promise<number>;
  /** Runs the work unless another process is at it. @returns whether it ran */
  readonly exclusively: (work: () => Promise<void>) => Promise<boolean>;
  readonly logger: Logger;
  /** How often the index is looked at while all is well. */
  readonly everyMs?: number;
}

const SOON_MS = 1_000;
const LATER_MS = 30_000;

/**
 * Sees to it that searches go to an index of this version's definition: builds one, in the background, when there is none or one of another
 * definition. The service starts and serves without it; one replica builds, the others look again. Once it was this version's, another
 * version may put its own in the place (it is being rolled out), and this one lets it: the two would build in turns.
 */
export function startKeeper({ client, rebuild, exclusively, logger, everyMs = 60_000 }: KeeperDeps): {
  close(): Promise<void>;
} {
  const stop = new AbortController();

  let settled = false;
  const isWell = async (): Promise<boolean> => {
    const live = await liveIndexes(client);
    const well = settled ? live.length > 0 : live.some(isCurrent);
    settled ||= well;
    return well;
  };

  const look = async (): Promise<number> => {
    if (await isWell()) return everyMs;
    const ran = await exclusively(async () => {
      if (await isWell()) return;
      logger.info('the search index is missing or of another definition: building it');
      const count = await rebuild(stop.signal);
      logger.info({ count }, 'the search index was built');
    });
    return ran ? everyMs : SOON_MS;
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted;) {
      let ms: number;
      try {
        ms = await look();
        failures = 0;
      } catch (err) {
        if (stop.signal.aborted) return;
        ms = Math.min(LATER_MS, SOON_MS * 2 ** failures++);
        logger.warn({ err, againInMs: ms }, 'the search index could not be looked after');
      }
      await wait(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };

  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}
