import { type LandedTrack } from '@kinora/contracts-transcode';
import { type EncodeJob } from './encode-job';
import { type Reports } from './ports';

export interface ReporterOptions {
  readonly reports: Reports;
  readonly job: Pick<EncodeJob, 'encodingId' | 'fence'>;
  readonly jobId: string;
  /** The renditions that the job writes, each with the number of its first segment. */
  readonly renditions: ReadonlyMap<string, number>;
  /** Those of them without which the video can't be played. */
  readonly awaited: readonly string[];
  /** Called once, when somebody else has taken over. */
  readonly onStale: () => void;
  readonly warn: (error: unknown, message: string) => void;
  /** Least milliseconds between two reports. */
  readonly everyMs?: number;
  /** Milliseconds after which a report is sent whatever has landed: so progress is seen, and noticed that another attempt has taken over. */
  readonly beatMs?: number;
}

export interface Reporter {
  encoded(seconds: number): void;
  landed(track: LandedTrack): void;
  /** Sends what is left. Gives up quietly if nobody listens, because the job's result carries everything too. */
  end(): Promise<void>;
  /** Sends nothing more. */
  stop(): void;
}

/**
 * Tells what has landed. Renditions of one decode land their segments soon after one another, and manifests gain little by half of
 * them: a report goes out when the last of them has come further, at most every two seconds, else with the next beat. What a
 * viewer may be waiting for goes at once, when the last of it has begun. A failed report is sent again.
 */
export function createReporter(options: ReporterOptions): Reporter {
  const { reports, job, jobId, renditions, awaited, everyMs = 2_000, beatMs = 20_000 } = options;
  const pending = new Map<string, LandedTrack>();
  const missing = new Set(awaited);
  /** The number of the segment that comes next, by rendition. */
  const next = new Map(renditions);
  const reached = (): number => Math.min(...next.values());
  let told = reached();
  let encodedSeconds = 0;
  let urgent = false;
  let failed = false;
  let sentAt = Date.now();
  let dueAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let stopped = false;

  const add = (track: LandedTrack): void => {
    const before = pending.get(track.renditionId);
    const init = track.init ?? before?.init;
    const segments = [...(before?.segments ?? []), ...track.segments];
    pending.set(track.renditionId, { renditionId: track.renditionId, ...(init && { init }), segments });
  };

  const send = async (): Promise<void> => {
    const tracks = [...pending.values()];
    pending.clear();
    urgent = false;
    told = reached();
    try {
      const report = { encodingId: job.encodingId, fence: job.fence, jobId, encodedSeconds, tracks };
      failed = false;
      if ((await reports.send(report)) === 'stale' && !stopped) {
        stop();
        options.onStale();
      }
    } catch (error) {
      const newer = [...pending.values()];
      pending.clear();
      [...tracks, ...newer].forEach(add);
      failed = true;
      options.warn(error, 'a report could not be delivered');
    }
  };

  const nextAt = (): number => {
    if (urgent) return 0;
    return sentAt + (failed || reached() > told ? everyMs : beatMs);
  };

  const flush = (): void => {
    dueAt = Number.POSITIVE_INFINITY;
    // While one is under way, its end plans the next.
    sending ??= send().finally(() => {
      sending = undefined;
      sentAt = Date.now();
      plan(nextAt());
    });
  };

  const plan = (at: number): void => {
    if (stopped || at >= dueAt) return;
    dueAt = at;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(0, at - Date.now()));
    timer.unref();
  };

  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };

  plan(nextAt());
  return {
    encoded(seconds) {
      encodedSeconds += seconds;
    },
    landed(track) {
      add(track);
      const { renditionId, segments } = track;
      next.set(renditionId, Math.max(next.get(renditionId) ?? 1, 1 + (segments.at(-1)?.number ?? 0)));
      urgent ||= missing.delete(renditionId) && missing.size === 0;
      plan(nextAt());
    },
    async end() {
      stop();
      await sending;
      if (pending.size > 0) await send();
    },
    stop,
  };
}
