import httpProxy from 'http-proxy-3';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface FaultyFront {
  readonly url: string;
  readonly requests: number;
  readonly refused: number;
  /** While down, every connection is cut. */
  setDown(down: boolean): void;
  stop(): Promise<void>;
}

/** A proxy before a server, that counts and can fail. */
export async function startFaultyFront(target: string): Promise<FaultyFront> {
  let [down, requests, refused] = [false, 0, 0];
  const proxy = httpProxy.createProxyServer({ target, changeOrigin: false });
  const server = createServer((req, res) => {
    requests += 1;
    if (!down) return proxy.web(req, res, {}, () => res.destroy());
    refused += 1;
    req.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get refused() {
      return refused;
    },
    setDown: (value) => void (down = value),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      proxy.close();
    },
  };
}
