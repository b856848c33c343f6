import { type Client, type ClientOptions } from '@opensearch-project/opensearch';

export interface OpenSearchSettings {
  readonly url: string;
  readonly auth: 'none' | 'sigv4';
  readonly region: string;
  /** `es`: a domain of the service; `aoss`: Serverless. */
  readonly service: 'es' | 'aoss';
}

/** Signed with what the SDK's default chain finds: a role of the pod, of the machine, the environment. */
async function signing({ region, service }: OpenSearchSettings): Promise<Partial<ClientOptions>> {
  const [{ AwsSigv4Signer }, { defaultProvider }] = await Promise.all([
    import('@opensearch-project/opensearch/aws-v3'),
    import('@aws-sdk/credential-provider-node'),
  ]);
  return AwsSigv4Signer({ region, service, getCredentials: defaultProvider() });
}

/** The libraries are large: only a service that has an OpenSearch to talk to loads them. Nothing is sent yet. */
export async function connect(settings: OpenSearchSettings): Promise<Client> {
  const { Client } = await import('@opensearch-project/opensearch');
  return new Client({
    node: settings.url,
    // Whoever calls knows whether another try makes sense (bulk.ts, guard.ts).
    maxRetries: 0,
    requestTimeout: 30_000,
    ...(settings.auth === 'sigv4' && (await signing(settings))),
  });
}

/** The HTTP status of an error that OpenSearch answered with. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** Errors of the library are told by their names: of a connection, of a time that was up, of a pool without a live node. */
const outages = new Set(['ConnectionError', 'TimeoutError', 'NoLivingConnectionsError', 'RequestAbortedError']);

/** Whether OpenSearch could not be asked, or could not answer: another try may succeed. */
export const isOutage = (error: unknown): boolean => {
  const status = statusOf(error);
  if (status !== undefined) return status === 429 || status >= 500;
  return error instanceof Error && outages.has(error.name);
};

/** The alias has no index behind it (yet). */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404;
