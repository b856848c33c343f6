import httpProxy from 'http-proxy-3';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export type Fault = 'SlowDown' | 'broken connection';

export interface FaultyS3 {
  readonly url: string;
  /** Faults that are still to come. */
  readonly left: number;
  /** The next `count` requests fail so. Returns how many faults of before were still to come. */
  next(fault: Fault, count: number): number;
  stop(): Promise<void>;
}

const SLOW_DOWN =
  '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';

/** A proxy before S3 that answers as S3 does when it is overloaded, or cuts the connection. */
export async function startFaultyS3(target: string): Promise<FaultyS3> {
  let [fault, left] = ['SlowDown' as Fault, 0];
  // The host stays the one that was signed.
  const proxy = httpProxy.createProxyServer({ target, changeOrigin: false });
  const server = createServer((req, res) => {
    if (left === 0) return proxy.web(req, res, {}, () => res.destroy());
    left -= 1;
    if (fault === 'broken connection') return void req.socket.destroy();
    req.resume();
    res.writeHead(503, { 'content-type': 'application/xml' }).end(SLOW_DOWN);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get left() {
      return left;
    },
    next(kind, count) {
      const before = left;
      [fault, left] = [kind, count];
      return before;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      proxy.close();
    },
  };
}
