import { contentTypeOf, type ObjectStore } from '@kinora/storage';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** Serves a store by HTTP, whole objects only: enough for a player that reads every segment. */
export async function serveStore(store: Pick<ObjectStore, 'get'>): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((req, res) => {
    const key = decodeURIComponent((req.url ?? '/').slice(1));
    store
      .get(key)
      .then(async ({ body, size }) => {
        res.writeHead(200, { 'content-type': contentTypeOf(key), 'content-length': size });
        await pipeline(body, res);
      })
      .catch(() => (res.headersSent ? res.destroy() : res.writeHead(404).end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
