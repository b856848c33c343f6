import { type ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DomainError } from '@kinora/contracts-common';
import { Counter, type Metrics, timed } from '@kinora/service';
import { setTimeout } from 'node:timers/promises';
import { kindOf } from './layout';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & Readonly<Record<string, unknown>>;
type Without<I> = Omit<I, 'TableName'>;

export interface DynamoSettings {
  readonly region: string;
  readonly table: string;
  /** Another server that speaks the DynamoDB API; absent in AWS. */
  readonly endpoint?: string | undefined;
}

/** Tries of one request: with the SDK's jittered, doubling pauses about two seconds of them. Its token bucket ends them sooner in an outage. */
const ATTEMPTS = 6;
/** All tries of an operation together; then the caller is told to come again. */
const BUDGET_MS = 8_000;
/** Tries of what a batch left undone. */
const BATCH_ATTEMPTS = 8;

export const createDynamoClient = ({ region, endpoint }: DynamoSettings): DynamoDBClient =>
  new DynamoDBClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, httpsAgent: { maxSockets: 64 } },
  });

/** Errors that say "later", not "wrong": throttling in its three spellings, trouble of DynamoDB's own, and the end of our patience. */
const overload = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'AbortError',
]);
const isOverload = (error: unknown): boolean => error instanceof Error && overload.has(error.name);

const tooBusy = (cause?: unknown) =>
  new DomainError('unavailable', 'service.unavailable', 'Too busy at the moment. Try again shortly.', { cause });

const conditionFailed = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

interface Consumed {
  readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined;
}
/** The answer to a write whose condition did not hold. */
const refused: Consumed = {};
type Send<T> = (options: { abortSignal: AbortSignal }) => Promise<T>;

/** What has expired is not there, although DynamoDB takes days to remove it. */
export const isAlive = (item: { readonly expiresAt: number }, now: number): boolean => item.expiresAt * 1000 > now;

/** The condition that an item still has the expected version; 0: that there is none, or one that has expired. */
export const stillVersion = (expected: number, now: number) =>
  expected === 0
    ? {
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        ExpressionAttributeValues: { ':now': Math.floor(now / 1000) },
      }
    : { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': expected } };

/** Most items that one batch may write. */
const BATCH = 25;

/** The one table of this service, with consistent reads everywhere. No transactions; expiry is a matter of reading. */
export class Table {
  readonly #documents: DynamoDBDocumentClient;
  readonly #units: Counter<'operation' | 'kind'>;
  readonly #common: { readonly TableName: string; readonly ReturnConsumedCapacity: 'TOTAL' };

  constructor(
    client: DynamoDBClient,
    readonly name: string,
    private readonly metrics: Metrics,
  ) {
    this.#common = { TableName: name, ReturnConsumedCapacity: 'TOTAL' };
    this.#units = new Counter({
      name: 'dynamodb_units_total',
      help: 'Request units by operation and kind of item: what the bill is made of',
      labelNames: ['operation', 'kind'],
      registers: [metrics.registry],
    });
    this.#documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async get({ pk, sk }: Key): Promise<Item | undefined> {
    const command = new GetCommand({ ...this.#common, Key: { pk, sk }, ConsistentRead: true });
    const { Item } = await this.#call('get', kindOf({ pk, sk }), (options) => this.#documents.send(command, options));
    return Item as Item | undefined;
  }

  /** False when the condition does not hold. */
  async put(input: Without<PutCommandInput>): Promise<boolean> {
    const command = new PutCommand({ ...this.#common, ...input });
    return this.#onCondition('put', input.Item, (options) => this.#documents.send(command, options));
  }

  /** False when the condition does not hold. */
  async update(input: Without<UpdateCommandInput>): Promise<boolean> {
    const command = new UpdateCommand({ ...this.#common, ...input });
    return this.#onCondition('update', input.Key, (options) => this.#documents.send(command, options));
  }

  /** False when the condition does not hold. */
  async delete(input: Without<DeleteCommandInput>): Promise<boolean> {
    const command = new DeleteCommand({ ...this.#common, ...input });
    return this.#onCondition('delete', input.Key, (options) => this.#documents.send(command, options));
  }

  /** Every item of a query, page by page. */
  async *query(input: Without<QueryCommandInput>): AsyncGenerator<Item> {
    let start: Record<string, unknown> | undefined;
    do {
      const command = new QueryCommand({
        ...this.#common,
        ...(input.IndexName === undefined && { ConsistentRead: true }),
        ...input,
        ExclusiveStartKey: start,
      });
      const page = await this.#call('query', 'many', (options) => this.#documents.send(command, options));
      yield* (page.Items ?? []) as Item[];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** The items of a query that is known to be short. */
  async list(input: Without<QueryCommandInput>): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of this.query(input)) items.push(item);
    return items;
  }

  /** Deletes items, batch by batch. */
  async deleteAll(keys: AsyncIterable<Key>): Promise<void> {
    let batch: Key[] = [];
    for await (const { pk, sk } of keys) {
      batch.push({ pk, sk });
      if (batch.length < BATCH) continue;
      await this.#deleteBatch(batch);
      batch = [];
    }
    if (batch.length > 0) await this.#deleteBatch(batch);
  }

  async #deleteBatch(keys: readonly Key[]): Promise<void> {
    let requests: Record<string, unknown>[] = keys.map((Key) => ({ DeleteRequest: { Key } }));
    // A batch may be done in part; what is left comes back without an error, and so without a try of the SDK's.
    for (let attempt = 0; ; attempt++) {
      const command = new BatchWriteCommand({
        RequestItems: { [this.name]: requests },
        ReturnConsumedCapacity: 'TOTAL',
      });
      const { UnprocessedItems } = await this.#call('batch-write', 'many', (options) =>
        this.#documents.send(command, options),
      );
      requests = UnprocessedItems?.[this.name] ?? [];
      if (requests.length === 0) return;
      if (attempt === BATCH_ATTEMPTS) throw tooBusy();
      await setTimeout(Math.random() * Math.min(2_000, 50 * 2 ** attempt));
    }
  }

  async #onCondition(operation: string, key: unknown, send: Send<Consumed>): Promise<boolean> {
    const output = await this.#call(operation, kindOf(key as Key), (options) =>
      send(options).catch((error: unknown) => {
        if (conditionFailed(error)) return refused;
        throw error;
      }),
    );
    return output !== refused;
  }

  /** One operation, with all its tries within the time that callers wait. */
  async #call<T extends Consumed>(operation: string, kind: string, send: Send<T>): Promise<T> {
    try {
      const output = await timed(this.metrics, 'dynamodb', operation, () =>
        send({ abortSignal: AbortSignal.timeout(BUDGET_MS) }),
      );
      for (const used of [output.ConsumedCapacity ?? []].flat())
        this.#units.inc({ operation, kind }, used.CapacityUnits ?? 0);
      return output;
    } catch (error) {
      throw isOverload(error) ? tooBusy(error) : error;
    }
  }
}
