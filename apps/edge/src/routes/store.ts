import { isPartReceiver, storeDataPlane, type Stores } from '@kinora/storage';
import { type RequestHandler } from 'express';
import { type EdgeMetrics } from '../edge-metrics';

/** The data plane of the disk adapter; undefined for stores whose URLs lead elsewhere (S3). */
export function storeHandler(
  stores: Stores,
  signingKey: string | undefined,
  metrics: EdgeMetrics,
): RequestHandler | undefined {
  const own = [stores.staging, stores.raw, stores.distribution].filter(isPartReceiver);
  if (own.length === 0 || signingKey === undefined) return undefined;
  const plane = storeDataPlane({
    stores: Object.fromEntries(own.map((store) => [store.name, store])),
    signingKey,
    onEnd({ method, store, bytes, code }) {
      metrics.store.inc({
        method: ['GET', 'HEAD', 'PUT', 'OPTIONS'].includes(method) ? method : 'other',
        store,
        outcome: code ?? 'ok',
      });
      if (bytes > 0) metrics.storeBytes.inc({ method, store }, bytes);
    },
  });
  return (req, res) => plane(req, res);
}
