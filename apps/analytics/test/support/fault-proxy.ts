import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

interface Fault {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** How DynamoDB says no: status and body in the shapes that its developer guide documents (protocol DynamoDB_20120810), not recorded from an account. */
export const documentedRefusals = {
  /** A partition, or a table with provisioned capacity, has had its share of this second. */
  throughput: {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message:
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    },
  },
  /** An on-demand table grows more slowly than its traffic. */
  throttling: {
    status: 400,
    body: {
      __type: 'com.amazon.coral.availability#ThrottlingException',
      message: 'Throughput exceeds the current capacity of your table or index.',
    },
  },
  /** All tables of the account together. */
  account: {
    status: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#RequestLimitExceeded',
      message: 'Throughput exceeds the current throughput limit for your account.',
    },
  },
  internal: {
    status: 500,
    body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'Internal server error' },
  },
} as const satisfies Record<string, Fault>;

/** What becomes of a request: it goes through, is cut off, is done and the answer cut off, is (a batch) done in half or not at all, or is refused. */
export type Fate = 'pass' | 'cut' | 'deaf' | 'half' | 'undone' | Fault;

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests so far, by operation. */
  readonly seen: Map<string, number>;
  decide: (operation: string) => Fate;
}

const read = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

/** The first half of the batch goes through, the second comes back as it was: as of a table that is throttled in the middle. */
function halve(body: Buffer): { sent: string; left: Record<string, unknown[]> } {
  const request = JSON.parse(body.toString()) as { RequestItems: Record<string, unknown[]> };
  const sent: Record<string, unknown[]> = {};
  const left: Record<string, unknown[]> = {};
  for (const [table, items] of Object.entries(request.RequestItems)) {
    sent[table] = items.slice(0, Math.ceil(items.length / 2));
    if (items.length > 1) left[table] = items.slice(Math.ceil(items.length / 2));
  }
  return { sent: JSON.stringify({ ...request, RequestItems: sent }), left };
}

/** Stands between a service and DynamoDB, and passes everything on unless told otherwise. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen = new Map<string, number>();
  const proxy = { decide: (): Fate => 'pass' } as Pick<FaultProxy, 'decide'>;

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await read(req);
    const operation = String(req.headers['x-amz-target']).split('.')[1] ?? '';
    seen.set(operation, (seen.get(operation) ?? 0) + 1);
    const fate = proxy.decide(operation);
    if (fate === 'cut') return void req.socket.destroy();
    if (typeof fate === 'object')
      return void res
        .writeHead(fate.status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(fate.body));
    if (fate === 'undone') {
      const { RequestItems } = JSON.parse(body.toString()) as { RequestItems: unknown };
      return void res.end(JSON.stringify({ UnprocessedItems: RequestItems }));
    }
    const { sent, left } = fate === 'half' ? halve(body) : { sent: body.toString(), left: {} };
    const headers = Object.fromEntries(
      Object.entries(req.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
    ) as Record<string, string>;
    const answer = await fetch(target, { method: 'POST', headers, body: sent });
    const text = await answer.text();
    if (fate === 'deaf') return void req.socket.destroy();
    const out = fate === 'half' ? JSON.stringify({ ...(JSON.parse(text) as object), UnprocessedItems: left }) : text;
    res.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(out);
  };

  const server = createServer((req, res) => void handle(req, res).catch(() => req.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
