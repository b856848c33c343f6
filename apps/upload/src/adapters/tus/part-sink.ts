import { type ObjectStore, type PartReceiver } from '@kinora/storage';
import { Readable } from 'node:stream';

export interface SunkPart {
  readonly key: string;
  readonly multipartId: string;
  readonly partNumber: number;
  readonly size: number;
  readonly body: readonly Buffer[];
}

/** Stores a part whose bytes are in this process, as only tus has them. */
export type PartSink = (part: SunkPart) => Promise<void>;

const receives = (store: ObjectStore): store is ObjectStore & PartReceiver => 'putPart' in store;

/** Straight into a store that takes parts itself (disk); otherwise (S3) as any client does it, by a signed URL. */
export function createPartSink(store: ObjectStore): PartSink {
  if (receives(store)) return async (part) => void (await store.putPart({ ...part, body: Readable.from(part.body) }));
  return async ({ body, ...part }) => {
    const { url, headers } = await store.signPart({ ...part, expiresInSeconds: 900, inside: true });
    const res = await fetch(url, {
      method: 'PUT',
      headers: { ...headers },
      body: Buffer.concat(body),
      signal: AbortSignal.timeout(120_000),
    });
    await res.arrayBuffer();
    if (!res.ok) throw new Error(`the store refused part ${part.partNumber} with ${res.status}`);
  };
}
