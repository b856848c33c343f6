import { type EncodeJob } from './encode-job';
import { type EncodeDeps, type JobRun } from './ports';
import { type Reporter, type ReporterOptions, createReporter } from './reporter';

/**
 * Does work that reports as it goes. When a report is answered with "stale", the work's signal aborts and the job ends with
 * `encoding.fenced`: whoever took over does the rest.
 */
export async function withReports<T>(
  deps: EncodeDeps,
  job: EncodeJob,
  run: JobRun,
  written: Pick<ReporterOptions, 'renditions' | 'awaited'>,
  work: (reporter: Reporter, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const fenced = new AbortController();
  const reporter = createReporter({
    reports: deps.reports,
    job,
    jobId: run.id,
    ...written,
    warn: deps.warn,
    onStale: () => fenced.abort(deps.refuse('encoding.fenced', 'Another attempt has taken over.')),
  });
  try {
    const result = await work(reporter, AbortSignal.any([run.signal, fenced.signal]));
    await reporter.end();
    return result;
  } catch (error) {
    throw fenced.signal.aborted ? fenced.signal.reason : error;
  } finally {
    reporter.stop();
  }
}
