import { type LandedTrack } from '@kinora/contracts-transcode';
import { type EncodeJob } from './encode-job';
import { type Reports } from './ports';

export interface ReporterOptions {
  readonly reports: Reports;
  readonly job: Pick<EncodeJob, 'encodingId' | 'fence'>;
  readonly jobId: string;
  /** Called once, when somebody else has taken over. */
  readonly onStale: () => void;
  readonly warn: (error: unknown, message: string) => void;
  /** Least milliseconds between two reports. */
  readonly everyMs?: number;
  /** Milliseconds after which a report is sent although nothing landed: so a cancellation is noticed. */
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

/** Tells what has landed: the first segment of a rendition at once, the rest at most every two seconds. A failed report is sent again. */
export function createReporter(options: ReporterOptions): Reporter {
  const { reports, job, jobId, everyMs = 2000, beatMs = 5000 } = options;
  const pending = new Map<string, LandedTrack>();
  const known = new Set<string>();
  let encodedSeconds = 0;
  let urgent = false;
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
    try {
      const report = { encodingId: job.encodingId, fence: job.fence, jobId, encodedSeconds, tracks };
      if ((await reports.send(report)) === 'stale' && !stopped) {
        stop();
        options.onStale();
      }
    } catch (error) {
      const newer = [...pending.values()];
      pending.clear();
      [...tracks, ...newer].forEach(add);
      options.warn(error, 'a report could not be delivered');
    }
  };

  const flush = (): void => {
    dueAt = Number.POSITIVE_INFINITY;
    // While one is under way, its end plans the next.
    sending ??= send().finally(() => {
      sending = undefined;
      sentAt = Date.now();
      plan(sentAt + (urgent ? 0 : pending.size > 0 ? everyMs : beatMs));
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

  plan(sentAt + beatMs);
  return {
    encoded(seconds) {
      encodedSeconds += seconds;
    },
    landed(track) {
      add(track);
      urgent ||= !known.has(track.renditionId);
      known.add(track.renditionId);
      plan(urgent ? 0 : sentAt + everyMs);
    },
    async end() {
      stop();
      await sending;
      if (pending.size > 0) await send();
    },
    stop,
  };
}
