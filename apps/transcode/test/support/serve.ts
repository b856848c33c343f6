import { type ObjectStore } from '@kinora/storage';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** The distribution store over HTTP, as an origin would serve it. */
export async function serveStore(store: ObjectStore): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const key = new URL(req.url ?? '/', 'http://x').pathname.slice(1);
    void store.get(key).then(
      ({ body, size }) => body.pipe(res.writeHead(200, { 'content-length': size })),
      () => res.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
