import { backend, testDynamo } from '@kinora/testing';
import { parseArgs } from 'node:util';
import { inApp } from './in-app';
import { table } from './report';

/** Dollars per million request units, on demand, us-east-1, since November 2024. */
const PRICE = { write: 0.625, read: 0.125 };
const GOAL_DOLLARS = 0.4;
/** One update of a session and four counters, a unit each: what a beacon costs without any thought. */
const NAIVE_UNITS = 5;

interface Measured {
  readonly beacons: number;
  readonly sessions: number;
  /** Write units by kind of item. */
  readonly written: Readonly<Record<string, number>>;
  readonly read: number;
  readonly sizes: Readonly<Record<string, { items: number; bytes: number; largest: number }>>;
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
const dollars = (perBeacon: number, price: number): string => (perBeacon * price).toFixed(3);

/** The server of the back ends if one runs, otherwise dynalite; both report the units that a request consumes. */
async function server(): Promise<AsyncDisposable & { readonly name: string; readonly endpoint: string }> {
  if (process.env['KINORA_BACKENDS'] !== undefined) {
    const { endpoint } = backend('dynamodb');
    return { name: 'DynamoDB Local', endpoint, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const dynalite = await testDynamo();
  return { name: 'dynalite', endpoint: dynalite.url, [Symbol.asyncDispose]: () => dynalite.stop() };
}

/** Plays some minutes of an audience into the use cases of analytics, and adds up what DynamoDB says each request consumed. */
export async function dynamodb(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      viewers: { type: 'string', default: '1000' },
      videos: { type: 'string', default: '20' },
      minutes: { type: 'string', default: '10' },
      replicas: { type: 'string', default: '2' },
      'window-ms': { type: 'string', default: '2000' },
      'gather-ms': { type: 'string', default: '180000' },
      json: { type: 'boolean', default: false },
    },
  });
  await using dynamo = await server();
  const options = {
    endpoint: dynamo.endpoint,
    viewers: Number(values.viewers),
    videos: Number(values.videos),
    minutes: Number(values.minutes),
    replicas: Number(values.replicas),
    windowMs: Number(values['window-ms']),
    gatherMs: Number(values['gather-ms']),
  };
  const measured = await inApp<Measured>('apps/analytics/bench/write-units.ts', options);
  const { beacons, written, read, sizes } = measured;
  const writes = sum(Object.values(written)) / beacons;
  const reads = read / beacons;
  const cost = writes * PRICE.write;
  if (values.json) {
    const { endpoint: _, ...audience } = options;
    console.log(JSON.stringify({ server: dynamo.name, ...audience, ...measured, dollarsPerMillion: cost }));
    return cost <= GOAL_DOLLARS;
  }
  const kinds = [...new Set([...Object.keys(written), ...Object.keys(sizes)])].sort();
  const cells = kinds.map((kind) => {
    const size = sizes[kind];
    return [
      kind,
      Math.round(((written[kind] ?? 0) / beacons) * 1e6),
      dollars((written[kind] ?? 0) / beacons, PRICE.write),
      size?.items ?? 0,
      size ? Math.round(size.bytes / size.items) : 0,
      size?.largest ?? 0,
    ];
  });
  const { viewers, videos, minutes, replicas } = options;
  console.log(
    `${viewers} viewers of ${videos} videos for ${minutes} minutes through ${replicas} replicas, on ${dynamo.name}: ` +
      `${beacons} beacons of ${measured.sessions} sessions\n`,
  );
  const head = ['items', 'write units / 1M beacons', '$', 'kept', 'bytes, mean', 'largest'];
  console.log(table(head, cells));
  console.log(
    `\nper million beacons: ${Math.round(writes * 1e6)} write units = $${dollars(writes, PRICE.write)} (goal ≤ $${GOAL_DOLLARS.toFixed(2)}; ` +
      `naive counters $${dollars(NAIVE_UNITS, PRICE.write)}), and ${Math.round(reads * 1e6)} read units = $${dollars(reads, PRICE.read)}\n` +
      `on demand in us-east-1: $${PRICE.write} per million write units, $${PRICE.read} per million read units\n`,
  );
  return cost <= GOAL_DOLLARS;
}
