import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** What a test, or a record, does with the requests that pass. */
export interface Passage {
  /** Called with each request before it is passed on; `true` means that it was answered here. */
  onRequest?(request: IncomingMessage, response: ServerResponse): boolean | void;
  /** Called with the head of each answer; `true` means that its body is dealt with here. */
  onAnswer?(request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): boolean | void;
}

export interface PassThrough {
  readonly url: string;
  stop(): Promise<void>;
}

/** Headers of one connection, not of a message. */
const OF_A_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection']);

/** Raw headers as they came: names in their case, in their order, repeated ones too. */
const passedOn = (raw: readonly string[]): string[] => {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2)
    if (!OF_A_CONNECTION.has((raw[at] ?? '').toLowerCase())) kept.push(raw[at] ?? '', raw[at + 1] ?? '');
  return kept;
};

/**
 * A server before a server that changes nothing: `Host` stays what the client signed, bodies stream both ways, `100 Continue` is
 * asked for and given end to end, and a connection that breaks on one side breaks on the other.
 */
export async function startPassThrough(target: string, passage: Passage = {}): Promise<PassThrough> {
  const { hostname, port } = new URL(target);
  // Idle connections are given up before a server does, so that no request is sent into one that is just closing.
  const agent = new Agent({ keepAlive: true, timeout: 2_000 });

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    if (passage.onRequest?.(request, response) === true) return;
    const { method, url: path } = request;
    const onward = send({ agent, hostname, port, method, path, headers: passedOn(request.rawHeaders) });
    const broken = (): void => {
      onward.destroy();
      // A client that has its whole answer, such as one that refused the body, is not disturbed.
      if (!response.writableEnded) reset(request.socket);
    };
    onward.once('error', broken);
    response.once('close', () => response.writableFinished || onward.destroy());
    onward.once('response', (answer) => {
      if (passage.onAnswer?.(request, answer, response) === true) return;
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedOn(answer.rawHeaders));
      pipeline(answer, response, (error) => error && reset(request.socket));
    });
    const body = (): void => void pipeline(request, onward, (error) => error && broken());
    if (request.headers.expect === undefined) return body();
    onward.once('continue', () => {
      response.writeContinue();
      body();
    });
    onward.flushHeaders();
  };

  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, pass);
  server.on('checkContinue', pass);
  // Answers of which nothing was sent yet.
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const reset = (socket: Socket): void => void (socket.destroyed || socket.resetAndDestroy());
