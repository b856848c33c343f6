import { type Metrics, createMetrics } from '@kinora/service';
import { type Client } from '@opensearch-project/opensearch';
import { connect } from '../../src/adapters/opensearch/client';
import { LIVE, NEXT } from '../../src/adapters/opensearch/definition';
import { type Guard, createGuard } from '../../src/adapters/opensearch/guard';
import { type RebuildDeps, rebuild } from '../../src/adapters/opensearch/rebuild';
import { createOpenSearchWriter } from '../../src/adapters/opensearch/writer';

export const connectTo = (url: string): Promise<Client> =>
  connect({ url, auth: 'none', region: 'us-east-1', service: 'es' });

/** A connection to an OpenSearch without any of our indexes. */
export async function emptyOpenSearch(url: string): Promise<Client> {
  const client = await connectTo(url);
  await client.indices.delete({ index: `${LIVE}-*`, ignore_unavailable: true, expand_wildcards: 'all' });
  return client;
}

/** For a machine that is busy with other tests: none of them is about time. */
export const patientGuard = (metrics: Metrics = createMetrics('test')): Guard =>
  createGuard(metrics, { timeoutMs: 60_000, atOnce: 64 });

/** Builds an index from a source, as the service does. */
export const rebuildFrom = (client: Client, source: RebuildDeps['source'], more: Partial<RebuildDeps> = {}) => {
  const signal = more.signal ?? new AbortController().signal;
  return rebuild({
    client,
    source,
    signal,
    writer: createOpenSearchWriter(client, patientGuard(), { targets: [NEXT], patient: true, signal }),
    onRefused: () => undefined,
    ...more,
  });
};

export const publishEmptyIndex = (client: Client) =>
  rebuildFrom(client, { page: async () => ({ documents: [], transcripts: [] }), find: async () => undefined });
