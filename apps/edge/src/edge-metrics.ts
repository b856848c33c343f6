import { Counter, Gauge, type Metrics } from '@kinora/service';

/** What edge counts. Labels have few values each: never a key, a grant or an address. */
export function createEdgeMetrics(
  metrics: Metrics,
  read: { cacheBytes: () => number; revocations: () => number; revocationAge: () => number | undefined },
) {
  const registers = [metrics.registry];
  new Gauge({
    name: 'edge_cache_bytes',
    help: 'Memory held by hot objects',
    registers,
    collect() {
      this.set(read.cacheBytes());
    },
  });
  new Gauge({
    name: 'edge_revocations',
    help: 'Revoked grants and videos known',
    registers,
    collect() {
      this.set(read.revocations());
    },
  });
  new Gauge({
    name: 'edge_revocations_age_seconds',
    help: 'Since catalog last told of revocations; -1 if never',
    registers,
    collect() {
      this.set((read.revocationAge() ?? -1000) / 1000);
    },
  });
  return {
    cache: new Counter({
      name: 'edge_cache_requests_total',
      help: 'Objects asked for by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    bytes: new Counter({ name: 'edge_sent_bytes_total', help: 'Bytes of media sent', labelNames: ['kind'], registers }),
    denials: new Counter({
      name: 'edge_denials_total',
      help: 'Requests refused by reason',
      labelNames: ['reason'],
      registers,
    }),
    store: new Counter({
      name: 'edge_store_requests_total',
      help: 'Requests of the data plane',
      labelNames: ['method', 'store', 'outcome'],
      registers,
    }),
    storeBytes: new Counter({
      name: 'edge_store_bytes_total',
      help: 'Bytes through the data plane',
      labelNames: ['method', 'store'],
      registers,
    }),
  };
}
export type EdgeMetrics = ReturnType<typeof createEdgeMetrics>;
