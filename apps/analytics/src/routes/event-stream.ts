import { type Response } from 'express';

export interface EventStream {
  /** Sends an event; what a slow reader has not taken yet is replaced by the newest. */
  send(event: string, id: string, data: unknown): void;
  end(): void;
  /** Resolves when either side has closed. */
  readonly closed: Promise<void>;
}

export interface Streams {
  open(res: Response, options: { retryMs: number; heartbeatMs: number }): EventStream;
  /** Ends them all, and those that are opened after. */
  close(): void;
}

/** Server-sent events (WHATWG HTML §9.2). */
export function createStreams(): Streams {
  const opened = new Set<EventStream>();
  let closing = false;

  const open: Streams['open'] = (res, { retryMs, heartbeatMs }) => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    res.status(200);
    res.set('content-type', 'text/event-stream; charset=utf-8');
    // Neither kept, nor compressed, nor held back by a proxy: an event must be there when it is sent.
    res.set('cache-control', 'no-cache, no-store, no-transform').set('x-accel-buffering', 'no');
    res.flushHeaders();
    // With a spread, so that not all come back at once after a deployment.
    res.write(`retry: ${Math.round(retryMs * (1 + Math.random()))}\n\n`);

    const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs);
    heartbeat.unref();
    let held: string | undefined;
    const stream: EventStream = {
      closed,
      send(event, id, data) {
        const text = `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
        if (res.writableNeedDrain) held = text;
        else res.write(text);
      },
      end: () => void res.end(),
    };
    res.on('drain', () => {
      if (held !== undefined) res.write(held);
      held = undefined;
    });
    res.on('close', () => {
      clearInterval(heartbeat);
      opened.delete(stream);
      resolve();
    });
    // A reader that went away is no error of ours.
    res.on('error', () => undefined);
    opened.add(stream);
    if (closing) stream.end();
    return stream;
  };

  return {
    open,
    close() {
      closing = true;
      for (const stream of opened) stream.end();
    },
  };
}
