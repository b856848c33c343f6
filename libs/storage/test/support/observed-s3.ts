import { type PassThrough, startPassThrough } from '@kinora/testing';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** Ways in which S3 fails: by an answer, or by the connection before it, in it, or not at all but for ever. */
export type Fault = 'SlowDown' | 'InternalError' | 'broken connection' | 'broken body' | 'silence';

type Decision = (count: number, ofTheSame: number) => Fault | undefined;

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
}

export interface ObservedS3 extends PassThrough {
  /** What arrived since the last `forget`. */
  readonly seen: readonly SeenRequest[];
  forget(): void;
  /** Decides about each request from now on. Both counts begin with 1 at this call: of all requests, and of those for the same. */
  fail(fault: Decision): void;
}

const STATUS = { SlowDown: 503, InternalError: 500 } as const;
/** Enough to have begun, and not all, of every body in the tests. */
const SOME = 300_000;

/** A proxy before S3 that keeps what it sees, and answers as S3 does when it is not well. */
export async function startObservedS3(target: string): Promise<ObservedS3> {
  let seen: SeenRequest[] = [];
  let decide: Decision = () => undefined;
  let counts = new Map<string, number>();
  const inAnswer = new WeakMap<IncomingMessage, Fault>();

  const onRequest = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, headers, at: performance.now() });
    const [count, ofTheSame] = ['', `${method} ${path}`].map((what) => {
      counts.set(what, (counts.get(what) ?? 0) + 1);
      return counts.get(what) ?? 0;
    });
    const fault = decide(count ?? 0, ofTheSame ?? 0);
    if (fault === 'broken body' || fault === 'silence') inAnswer.set(request, fault);
    else if (fault === 'broken connection') request.socket.destroy();
    else if (fault) {
      request.resume();
      const body = `<?xml version="1.0"?><Error><Code>${fault}</Code><Message>Try again.</Message></Error>`;
      response.writeHead(STATUS[fault], { 'content-type': 'application/xml' }).end(body);
    } else return false;
    return !inAnswer.has(request);
  };
  const onAnswer = (request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): boolean => {
    const fault = inAnswer.get(request);
    if (!fault) return false;
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    let sent = 0;
    answer.on('data', (chunk: Buffer) => {
      if (sent >= SOME) return;
      sent += chunk.length;
      response.write(chunk.subarray(0, SOME), () => fault === 'broken body' && request.socket.destroy());
    });
    return true;
  };
  const proxy = await startPassThrough(target, { onRequest, onAnswer });
  return {
    ...proxy,
    get seen() {
      return seen;
    },
    forget: () => void (seen = []),
    fail: (fault) => void ([decide, counts] = [fault, new Map()]),
  };
}
