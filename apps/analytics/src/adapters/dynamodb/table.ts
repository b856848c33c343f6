import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
import { type Metrics, timed } from '@kinora/service';

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
  readonly credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export const createDynamoClient = ({ region, endpoint, credentials }: DynamoSettings): DynamoDBClient =>
  new DynamoDBClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, httpsAgent: { maxSockets: 64 } },
  });

const overloaded = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'TimeoutError',
]);

const conditionFailed = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** Most items that one batch may write. */
const BATCH = 25;

/** The one table of this service, with consistent reads everywhere. No transactions; expiry is a matter of reading. */
export class Table {
  readonly #documents: DynamoDBDocumentClient;

  constructor(
    client: DynamoDBClient,
    readonly name: string,
    private readonly metrics: Metrics,
  ) {
    this.#documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async get({ pk, sk }: Key): Promise<Item | undefined> {
    const command = new GetCommand({ TableName: this.name, Key: { pk, sk }, ConsistentRead: true });
    const { Item } = await this.#call('get', () => this.#documents.send(command));
    return Item as Item | undefined;
  }

  /** False when the condition does not hold. */
  async put(input: Without<PutCommandInput>): Promise<boolean> {
    const command = new PutCommand({ TableName: this.name, ...input });
    return this.#onCondition('put', () => this.#documents.send(command));
  }

  /** False when the condition does not hold. */
  async update(input: Without<UpdateCommandInput>): Promise<boolean> {
    const command = new UpdateCommand({ TableName: this.name, ...input });
    return this.#onCondition('update', () => this.#documents.send(command));
  }

  async delete(input: Without<DeleteCommandInput>): Promise<void> {
    const command = new DeleteCommand({ TableName: this.name, ...input });
    await this.#call('delete', () => this.#documents.send(command));
  }

  /** Every item of a query, page by page. */
  async *query(input: Without<QueryCommandInput>): AsyncGenerator<Item> {
    let start: Record<string, unknown> | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.name,
        ...(input.IndexName === undefined && { ConsistentRead: true }),
        ...input,
        ExclusiveStartKey: start,
      });
      const page = await this.#call('query', () => this.#documents.send(command));
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
    for (let attempt = 0; requests.length > 0; attempt++) {
      const command = new BatchWriteCommand({ RequestItems: { [this.name]: requests } });
      const { UnprocessedItems } = await this.#call('batch-write', () => this.#documents.send(command));
      requests = UnprocessedItems?.[this.name] ?? [];
      if (requests.length > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(2_000, 50 * 2 ** attempt)));
    }
  }

  async #onCondition(operation: string, send: () => Promise<unknown>): Promise<boolean> {
    return this.#call(operation, () =>
      send().then(
        () => true,
        (error: unknown) => {
          if (conditionFailed(error)) return false;
          throw error;
        },
      ),
    );
  }

  async #call<T>(operation: string, work: () => Promise<T>): Promise<T> {
    try {
      return await timed(this.metrics, 'dynamodb', operation, work);
    } catch (error) {
      if (error instanceof Error && overloaded.has(error.name))
        throw new DomainError('unavailable', 'service.unavailable', 'Too busy at the moment. Try again shortly.', {
          cause: error,
        });
      throw error;
    }
  }
}
