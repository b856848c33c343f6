import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly id: string;
  readonly at: number;
  readonly path: string;
  readonly message: { type: string; timestamp: string; data: Record<string, unknown> };
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** Messages whose signature was right, in the order of their coming. */
  readonly received: Received[];
  /** Those whose signature was wrong. */
  readonly refused: string[];
  /** The secret to verify with. */
  secret: string;
  /** How the next calls are answered; 204 when there is no more. */
  readonly answers: { status: number; headers?: Record<string, string> }[];
}

/** A web server as somebody who wants to be told of events would run it. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Omit<Receiver, 'url' | typeof Symbol.asyncDispose> = {
    received: [],
    refused: [],
    secret: '',
    answers: [],
  };
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += String(chunk)));
    req.on('end', () => {
      const headers = req.headers as Record<string, string>;
      try {
        const message = new Webhook(receiver.secret).verify(body, headers) as Received['message'];
        receiver.received.push({ id: headers['webhook-id'] ?? '', at: Date.now(), path: req.url ?? '', message });
      } catch (error) {
        receiver.refused.push(String(error));
      }
      const { status, headers: more } = receiver.answers.shift() ?? { status: 204 };
      res.writeHead(status, more).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
