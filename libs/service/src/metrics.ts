import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** Seconds per request by method, route pattern and status class. */
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  /** Seconds per call of a dependency by outcome. */
  readonly dependencies: Histogram<'dependency' | 'operation' | 'outcome'>;
  /** Seconds per job by outcome. */
  readonly jobs: Histogram<'queue' | 'job' | 'outcome'>;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own per service, so that two in one process don't mix. */
export function createMetrics(service: string): Metrics & { registry: Registry } {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // Sampled four times a second: at the default of a hundred, watching the event loop is most of what an idle service does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 250 });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Requests served',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    }),
    dependencies: new Histogram({
      name: 'dependency_duration_seconds',
      help: 'Calls of other services and back ends',
      labelNames: ['dependency', 'operation', 'outcome'],
      buckets,
      registers,
    }),
    jobs: new Histogram({
      name: 'job_duration_seconds',
      help: 'Jobs and events processed',
      labelNames: ['queue', 'job', 'outcome'],
      buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600],
      registers,
    }),
  };
}

/** Times a call of a dependency and counts its outcome. */
export async function timed<T>(
  metrics: Metrics,
  dependency: string,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  const end = metrics.dependencies.startTimer({ dependency, operation });
  try {
    const result = await work();
    end({ outcome: 'ok' });
    return result;
  } catch (error) {
    end({ outcome: 'error' });
    throw error;
  }
}
