import { setTimeout } from 'node:timers/promises';
import { type DirectoryEntries, type EdgeDirectory } from '../../domain/ports/edge-directory';
import { createSigV4aSigner } from './sigv4a';

/** CloudFront's limit on the keys of one request, read or written. */
const BATCH = 50;
/** Others who change the store at the same moment make us start over; this often, and then the caller may try again. */
const ATTEMPTS = 10;
const SERVICE = 'cloudfront-keyvaluestore';

export interface KeyValueStoreSettings {
  readonly arn: string;
  /** Another server that speaks its API; absent in AWS, where the account has an address of its own. */
  readonly endpoint?: string | undefined;
}

type Change = { readonly put: readonly (readonly [string, string])[]; readonly remove: readonly string[] };

/** All changes in order, the additions first: a revocation is worth more than a tidy store. */
function batchesOf({ put, remove }: Change): Change[] {
  const all = [
    ...put.map((entry) => ({ put: [entry], remove: [] as string[] })),
    ...remove.map((name) => ({ put: [], remove: [name] })),
  ];
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => {
    const part = all.slice(i * BATCH, (i + 1) * BATCH);
    return { put: part.flatMap((one) => one.put), remove: part.flatMap((one) => one.remove) };
  });
}

const isConflict = (error: unknown): boolean => error instanceof Error && error.name === 'ConflictException';

/**
 * CloudFront's key value store. Every write names the version of the store that it was made for, so writers of several
 * replicas can't undo each other's work: who comes second looks again.
 */
export async function createKeyValueStore({
  arn,
  endpoint,
}: KeyValueStoreSettings): Promise<EdgeDirectory & { close(): void }> {
  const { CloudFrontKeyValueStoreClient, DescribeKeyValueStoreCommand, UpdateKeysCommand, paginateListKeys } =
    await import('@aws-sdk/client-cloudfront-keyvaluestore');
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const client = new CloudFrontKeyValueStoreClient({
    // It is one store in all regions; the SDK asks for one all the same.
    region: 'us-east-1',
    signer: createSigV4aSigner(SERVICE, defaultProvider()),
    // The SDK would put the account's id before the host, which a server on a loopback address doesn't have.
    ...(endpoint !== undefined && { endpointProvider: () => ({ url: new URL(endpoint) }) }),
  });

  const version = async (): Promise<string | undefined> =>
    (await client.send(new DescribeKeyValueStoreCommand({ KvsARN: arn }))).ETag;

  const contents = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for await (const { Items = [] } of paginateListKeys({ client, pageSize: BATCH }, { KvsARN: arn }))
      for (const { Key = '', Value = '' } of Items) found.set(Key, Value);
    return found;
  };

  const attempt = async (changeOf: () => Promise<Change>): Promise<void> => {
    let etag = await version();
    for (const { put, remove } of batchesOf(await changeOf())) {
      const updated = await client.send(
        new UpdateKeysCommand({
          KvsARN: arn,
          IfMatch: etag,
          Puts: put.map(([Key, Value]) => ({ Key, Value })),
          Deletes: remove.map((Key) => ({ Key })),
        }),
      );
      etag = updated.ETag;
    }
  };

  const change = async (changeOf: () => Promise<Change>): Promise<void> => {
    for (let left = ATTEMPTS; ; left -= 1) {
      try {
        return await attempt(changeOf);
      } catch (error) {
        if (!isConflict(error) || left === 1) throw error;
        await setTimeout(Math.random() * 100 * 2 ** Math.min(ATTEMPTS - left, 4));
      }
    }
  };

  /** One after the other within this process, which would only get in its own way. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (changeOf: () => Promise<Change>): Promise<void> => {
    const turn = last.then(() => change(changeOf));
    last = turn.catch(() => undefined);
    return turn;
  };

  const differing = (wanted: DirectoryEntries, there: DirectoryEntries) =>
    [...wanted].filter(([name, value]) => there.get(name) !== value);
  return {
    put: (entries) => inTurn(async () => ({ put: [...(await entries())], remove: [] })),
    replace: (entries) =>
      inTurn(async () => {
        const [wanted, there] = [await entries(), await contents()];
        return { put: differing(wanted, there), remove: [...there.keys()].filter((name) => !wanted.has(name)) };
      }),
    close: () => client.destroy(),
  };
}
