import { DomainError } from '@kinora/contracts-common';
import { type Client, type Types } from '@opensearch-project/opensearch';
import { setTimeout as wait } from 'node:timers/promises';
import { type Refusal } from '../../domain/ports/search-index';
import { statusOf } from './client';
import { LIVE, NEXT } from './definition';
import { type Write } from './documents';
import { type Guard } from './guard';

export interface BulkOptions {
  /** The live index and the one that is being built, unless told. */
  readonly targets?: readonly string[];
  /** Make every write visible to searches before it returns; for tests. */
  readonly refresh?: boolean;
  /** How much one request may carry. AWS takes 10 MiB at most on small machines. */
  readonly maxBytes?: number;
  readonly maxWrites?: number;
  /** How often what OpenSearch has no room for is sent, at most. */
  readonly attempts?: number;
  /** Waits for an OpenSearch that is away as for one that has no room. For whoever holds nobody up. */
  readonly patient?: boolean;
  readonly baseMs?: number;
  readonly mostMs?: number;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  /** Told before each wait. */
  readonly onBackOff?: (waiting: { attempt: number; writes: number; ms: number }) => void;
}

interface Sent {
  readonly write: Write;
  readonly bytes: number;
}

/** Cuts a list of writes so that no request is too large; a single write may be. */
function* batchesOf(
  writes: readonly Write[],
  { copies, maxBytes, maxWrites }: { copies: number; maxBytes: number; maxWrites: number },
): Generator<Sent[]> {
  let [batch, total]: [Sent[], number] = [[], 0];
  for (const write of writes) {
    const bytes = copies * (Buffer.byteLength(JSON.stringify(write.body)) + 200);
    if (batch.length > 0 && (total + bytes > maxBytes || batch.length >= maxWrites)) {
      yield batch;
      [batch, total] = [[], 0];
    }
    batch.push({ write, bytes });
    total += bytes;
  }
  if (batch.length > 0) yield batch;
}

/** `absent`: there is no such index. */
type Outcome = 'done' | 'again' | 'absent' | { readonly reason: string };
type Item = Types.Core_Bulk.ResponseItem;

const outcomeOf = (item: Item | undefined): Outcome => {
  if (!item) return { reason: 'no answer' };
  // 409: something newer is there.
  if (item.status < 300 || item.status === 409) return 'done';
  if (item.error?.type === 'index_not_found_exception') return 'absent';
  if (item.status === 429 || item.status >= 500) return 'again';
  return { reason: item.error?.reason ?? `status ${item.status}` };
};

/** A write is done when every index that there is has taken it, and there is one. */
function together(outcomes: readonly Outcome[]): Outcome {
  const present = outcomes.filter((one) => one !== 'absent');
  return (
    present.find((one) => typeof one === 'object') ?? present.find((one) => one === 'again') ?? present[0] ?? 'absent'
  );
}

/** None of the indexes is there: not built yet, or another build has taken the place of this one. */
export class IndexMissing extends Error {
  override name = 'IndexMissing';
  constructor(targets: readonly string[]) {
    super(`there is no index behind ${targets.join(', ')}`);
  }
}

/** No further attempts: the caller tries again later, or an operator looks. */
export class IndexOverloaded extends Error {
  override name = 'IndexOverloaded';
  constructor(writes: number, options?: ErrorOptions) {
    super(`OpenSearch did not take ${writes} documents`, options);
  }
}

/**
 * Writes documents under their versions (`external_gte`), so that what comes late can't overwrite what is newer. One request at a time and
 * of bounded size; what OpenSearch has no room for (429) waits, longer each time and with full jitter, and only that is sent again.
 * @returns the writes that it refused for what is in them; the others are done
 * @throws IndexOverloaded when there was no room to the end; IndexMissing; DomainError `search.unavailable` when it could not be asked
 */
export function createBulk(client: Client, guard: Guard, options: BulkOptions = {}) {
  const { maxBytes = 5 * 2 ** 20, maxWrites = 500, attempts = 3, baseMs = 200, mostMs = 10_000 } = options;
  const { targets = [LIVE, NEXT], random = Math.random, refresh = false, patient = false, signal, onBackOff } = options;

  async function request(batch: readonly Sent[]): Promise<Outcome[]> {
    const body = batch.flatMap(({ write: { id, videoId, version, body } }) =>
      targets.flatMap((index) => [
        // Without the alias being required, a missing one would become an index with guessed types.
        {
          index: {
            ...{ _index: index, _id: id, routing: videoId, require_alias: true },
            ...{ version, version_type: 'external_gte' as const },
          },
        },
        body,
      ]),
    );
    const { body: answer } = await guard('bulk', () => client.bulk({ refresh, body }));
    return batch.map((_, n) =>
      together(targets.map((_, t) => outcomeOf(answer.items[n * targets.length + t]?.['index']))),
    );
  }

  /** A batch that was too large as a whole goes in halves. */
  async function halved(batch: readonly Sent[]): Promise<Refusal[]> {
    const [first] = batch;
    if (first && batch.length === 1) return [{ videoId: first.write.videoId, reason: 'the document is too large' }];
    const middle = Math.ceil(batch.length / 2);
    return [...(await send(batch.slice(0, middle))), ...(await send(batch.slice(middle)))];
  }

  async function send(batch: readonly Sent[]): Promise<Refusal[]> {
    const refused: Refusal[] = [];
    let rest = batch;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      let failure: unknown;
      try {
        const outcomes = await request(rest);
        for (const [n, { write }] of rest.entries()) {
          const outcome = outcomes[n];
          if (typeof outcome === 'object') refused.push({ videoId: write.videoId, reason: outcome.reason });
        }
        if (outcomes.includes('absent')) throw new IndexMissing(targets);
        rest = rest.filter((_, n) => outcomes[n] === 'again');
        if (rest.length === 0) return refused;
      } catch (error) {
        const status = statusOf(error) ?? statusOf((error as Error).cause);
        if (status === 413) return [...refused, ...(await halved(rest))];
        if (status !== 429 && !(patient && error instanceof DomainError)) throw error;
        failure = error;
      }
      if (attempt >= attempts) throw new IndexOverloaded(rest.length, { cause: failure });
      const ms = Math.round(random() * Math.min(mostMs, baseMs * 2 ** attempt));
      onBackOff?.({ attempt, writes: rest.length, ms });
      await wait(ms, undefined, { signal });
    }
  }

  return async (writes: readonly Write[]): Promise<Refusal[]> => {
    const refused: Refusal[] = [];
    for (const batch of batchesOf(writes, { copies: targets.length, maxBytes, maxWrites }))
      refused.push(...(await send(batch)));
    return refused;
  };
}
