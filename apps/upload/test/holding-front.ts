import httpProxy from 'http-proxy-3';
import { createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface HoldingFront {
  readonly url: string;
  /** From now on S3 completes multipart uploads, but nobody hears that it has. */
  holdCompletions(): void;
  /** Settles when S3 has completed one. */
  readonly held: Promise<void>;
  stop(): Promise<void>;
}

/** A proxy before S3 that can swallow the answer to a completion. */
export async function startHoldingFront(target: string): Promise<HoldingFront> {
  let holding = false;
  let onHeld = (): void => undefined;
  const held = new Promise<void>((resolve) => (onHeld = resolve));
  const proxy = httpProxy.createProxyServer({ target, changeOrigin: false });
  const server = createServer((req, res) => {
    if (!(holding && req.method === 'POST' && req.url?.includes('uploadId=')))
      return proxy.web(req, res, {}, () => res.destroy());
    const upstream = request(new URL(req.url, target), { method: 'POST', headers: req.headers }, (answer) => {
      answer.resume().once('end', onHeld);
    });
    req.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdCompletions: () => void (holding = true),
    held,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      proxy.close();
    },
  };
}
