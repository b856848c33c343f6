import { type Logger } from '@kinora/service';
import { type ManifestRequests } from '../domain/ports';
import { type publishManifests } from '../domain/publish-manifests';

export interface ManifestScheduleOptions {
  readonly publish: ReturnType<typeof publishManifests>;
  readonly logger: Logger;
  /** Least milliseconds between two writings of one encoding's manifests. */
  readonly intervalMs?: number;
  /** Encodings whose manifests are written at a time; each holds a database connection meanwhile. */
  readonly atOnce?: number;
}

interface Entry {
  /** More has landed since the last run began. */
  wanted: boolean;
  repair: boolean;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Writes manifests after they are asked for: at once where they are awaited, else an interval later, with all that lands meanwhile;
 * at most once an interval, and always once more after the last request. What failed is tried again.
 */
export function createManifestSchedule({
  publish,
  logger,
  intervalMs = 2_000,
  atOnce = 2,
}: ManifestScheduleOptions): ManifestRequests & { close(): Promise<void> } {
  const entries = new Map<string, Entry>();
  const queue: string[] = [];
  const running = new Set<Promise<void>>();
  let closed = false;

  const goOn = (id: string, entry: Entry): void => {
    entry.timer = undefined;
    if (entry.wanted) enqueue(id);
    else entries.delete(id);
  };

  const rest = (id: string, entry: Entry): void => {
    entry.timer = setTimeout(() => goOn(id, entry), intervalMs);
    entry.timer.unref();
  };

  const run = async (id: string, entry: Entry): Promise<void> => {
    entry.wanted = false;
    try {
      const outcome = await publish(id, entry.repair);
      // Nothing was written: what lands next may be what it takes to play, and does not wait.
      if (outcome === 'waiting') return goOn(id, entry);
      entry.repair = false;
      // Another replica writes, perhaps of a moment before ours.
      if (outcome === 'busy') entry.wanted = true;
    } catch (err) {
      logger.warn({ err, encodingId: id }, 'manifests not written; trying again');
      entry.repair = true;
      entry.wanted = true;
    }
    if (!closed) rest(id, entry);
  };

  const pump = (): void => {
    while (!closed && running.size < atOnce) {
      const id = queue.shift();
      const entry = id === undefined ? undefined : entries.get(id);
      if (id === undefined || !entry) return;
      const work: Promise<void> = run(id, entry).finally(() => {
        running.delete(work);
        pump();
      });
      running.add(work);
    }
  };

  const enqueue = (id: string): void => {
    if (!queue.includes(id)) queue.push(id);
    pump();
  };

  return {
    request(id, awaited = false) {
      if (closed) return;
      const known = entries.get(id);
      if (known) {
        known.wanted = true;
        return;
      }
      const entry: Entry = { wanted: true, repair: false, timer: undefined };
      entries.set(id, entry);
      if (awaited) enqueue(id);
      else rest(id, entry);
    },
    drop(id) {
      const entry = entries.get(id);
      // Without a timer it is being written, or about to be: that finds nothing to do.
      if (entry?.timer === undefined) return;
      clearTimeout(entry.timer);
      entries.delete(id);
    },
    async close() {
      closed = true;
      for (const entry of entries.values()) clearTimeout(entry.timer);
      await Promise.all(running);
    },
  };
}
