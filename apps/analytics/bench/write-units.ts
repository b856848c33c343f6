import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable } from '../src/adapters/dynamodb/create-table';
import { type Key, createDynamoClient } from '../src/adapters/dynamodb/table';
import { kindOf } from '../src/adapters/dynamodb/layout';
import { floorTo } from '../src/domain/calendar';
import { random } from '../test/support/player';
import { createReplica } from './replica';
import { type Report, reportsOf } from './viewers';

interface Options {
  readonly endpoint: string;
  readonly viewers: number;
  readonly videos: number;
  readonly minutes: number;
  readonly replicas: number;
  readonly windowMs: number;
  readonly gatherMs: number;
}

const HOUR_MS = 3_600_000;

/** Bytes of an item as DynamoDB counts them: names and values. */
const sizeOf = (item: Record<string, unknown>): number =>
  Object.entries(item).reduce((sum, [name, value]) => {
    const bytes = value instanceof Uint8Array ? value.length : Buffer.byteLength(String(value));
    return sum + Buffer.byteLength(name) + bytes;
  }, 0);

/** Lets replicas take what an audience reports, second by second of a clock that runs as fast as they can. */
async function run(options: Options) {
  const from = floorTo(HOUR_MS, Date.now() - HOUR_MS) + 60_000;
  let now = from;
  const clock = () => now;
  const due = new Map<string, number>();
  const table = `bench-${from}-${process.pid}`;
  const client = createDynamoClient({ region: 'us-east-1', table, endpoint: options.endpoint });
  await createTable(client, table);
  const shared = { clock, due, gatherMs: options.gatherMs };
  const replicas = Array.from({ length: options.replicas }, () => createReplica(client, table, shared));
  const next = random(3);
  const any = () => replicas[Math.floor(next() * replicas.length)] ?? replicas[0]!;

  const rested = new Map<string, number>();
  const rollUpDue = async (): Promise<void> => {
    for (const [id, at] of [...due]) {
      if (at > now || (rested.get(id) ?? 0) > now) continue;
      due.delete(id);
      const [videoId = '', hour = ''] = id.split('#');
      await any().rollUp({ videoId, hour });
      rested.set(id, now + options.gatherMs);
    }
  };
  const step = async (reports: readonly Report[]): Promise<void> => {
    await Promise.all(reports.map(({ claims, beacon }) => any().ingest(claims, [beacon])));
    for (const replica of replicas) throwFirst(await replica.journal.tick());
    await rollUpDue();
  };

  const reports = reportsOf({ ...options, from });
  let at = 0;
  for (const until = from + options.minutes * 60_000; now < until;) {
    now += options.windowMs;
    const begin = at;
    while (at < reports.length && (reports[at]?.at ?? 0) <= now) at += 1;
    await step(reports.slice(begin, at));
  }
  for (const replica of replicas) throwFirst(await replica.journal.close());
  now += HOUR_MS;
  await rollUpDue();

  const written: Record<string, number> = {};
  let read = 0;
  for (const replica of replicas) {
    const units = await replica.units();
    read += units.read;
    for (const [kind, value] of Object.entries(units.written)) written[kind] = (written[kind] ?? 0) + value;
  }
  const sizes: Record<string, { items: number; bytes: number; largest: number }> = {};
  const documents = DynamoDBDocumentClient.from(client);
  for (let start: Record<string, unknown> | undefined, more = true; more;) {
    const page = await documents.send(new ScanCommand({ TableName: table, ExclusiveStartKey: start }));
    for (const item of page.Items ?? []) {
      const size = sizeOf(item);
      const sum = (sizes[kindOf(item as unknown as Key)] ??= { items: 0, bytes: 0, largest: 0 });
      sum.items += 1;
      sum.bytes += size;
      sum.largest = Math.max(sum.largest, size);
    }
    start = page.LastEvaluatedKey;
    more = start !== undefined;
  }
  client.destroy();
  const sessions = new Set(reports.map(({ claims }) => claims.sid)).size;
  return { beacons: reports.length, sessions, written, read, sizes };
}

function throwFirst(errors: readonly unknown[]): void {
  if (errors.length > 0) throw errors[0];
}

/** Run by `npm run bench -- dynamodb`, which passes the options as JSON and reads the result as JSON. */
run(JSON.parse(process.argv[2] ?? '{}') as Options).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
