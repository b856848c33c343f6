import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Passage, type PassThrough, startPassThrough } from '../src';

let origin: Server | undefined;
let proxy: PassThrough | undefined;
afterEach(async () => {
  await proxy?.stop();
  origin?.closeAllConnections();
  origin?.close();
});

/** An origin that answers so, and the proxy before it. */
async function before(listener: RequestListener, passage?: Passage): Promise<string> {
  origin = createServer(listener).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  proxy = await startPassThrough(`http://127.0.0.1:${(origin.address() as AddressInfo).port}`, passage);
  return proxy.url;
}

it('passes method, path, headers and bodies on as they came, the host among them', async () => {
  const seen: { method: string | undefined; url: string | undefined; raw: string[] }[] = [];
  const url = await before((req, res) => {
    seen.push({ method: req.method, url: req.url, raw: req.rawHeaders });
    res.writeHead(
      201,
      'Made',
      [
        ['ETag', '"1"'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ].flat(),
    );
    req.pipe(res);
  });
  const body = randomBytes(3_000_000);
  const sent = request(`${url}/a%2Fb/%20c?x=%2B&y`, {
    method: 'PUT',
    headers: { Host: 'bucket.example.com', 'X-Amz-Meta-A': '1', 'content-length': body.length },
  });
  sent.end(body);
  const [res] = (await once(sent, 'response')) as [IncomingMessage];
  expect([res.statusCode, res.statusMessage]).toEqual([201, 'Made']);
  expect(res.headers).toMatchObject({ etag: '"1"', 'set-cookie': ['a=1', 'b=2'] });
  expect((await buffer(res)).equals(body)).toBe(true);
  expect(seen).toMatchObject([{ method: 'PUT', url: '/a%2Fb/%20c?x=%2B&y' }]);
  expect(seen[0]?.raw.slice(0, 4)).toEqual(['Host', 'bucket.example.com', 'X-Amz-Meta-A', '1']);
});

it('streams: the first bytes arrive before the last are sent, in both directions', async () => {
  const url = await before((req, res) => void req.on('data', (chunk) => res.write(chunk)).on('end', () => res.end()));
  const sent = request(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
  sent.write('one');
  const [res] = (await once(sent, 'response')) as [IncomingMessage];
  expect(String(((await once(res, 'data')) as [Buffer])[0])).toBe('one');
  sent.end('two');
  expect(String(await buffer(res))).toBe('two');
});

it('lets the origin decide about a body that waits for a continue', async () => {
  const url = await before((_, res) => res.end());
  let refuse = false;
  let bytes = 0;
  origin?.on('checkContinue', (req: IncomingMessage, res) => {
    if (refuse) return void res.writeHead(417).end();
    res.writeContinue();
    req.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => res.writeHead(200).end());
  });
  const put = async (): Promise<{ status: number | undefined; continued: boolean }> => {
    let continued = false;
    const sent = request(url, { method: 'PUT', headers: { expect: '100-continue', 'content-length': 4 } });
    sent.once('continue', () => {
      continued = true;
      sent.end('body');
    });
    sent.flushHeaders();
    const [res] = (await once(sent, 'response')) as [IncomingMessage];
    res.resume();
    sent.destroy();
    return { status: res.statusCode, continued };
  };
  expect(await put()).toEqual({ status: 200, continued: true });
  expect(bytes).toBe(4);
  refuse = true;
  expect(await put()).toEqual({ status: 417, continued: false });
  expect(bytes).toBe(4);
});

it('breaks where the other side breaks', async () => {
  const url = await before((req, res) => {
    if (req.url === '/at-once') return void req.socket.destroy();
    res.writeHead(200, { 'content-length': '10' });
    res.write('half', () => req.socket.destroy());
  });
  await expect(fetch(`${url}/at-once`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  const half = await fetch(`${url}/half`);
  expect(half.status).toBe(200);
  await expect(half.arrayBuffer()).rejects.toThrow();
});

it('tells the origin when the client has gone', async () => {
  const gone = Promise.withResolvers<void>();
  const url = await before((req, res) => {
    res.write('first');
    req.socket.once('close', () => gone.resolve());
  });
  const leave = new AbortController();
  await fetch(url, { signal: leave.signal });
  leave.abort();
  await gone.promise;
});

it('shows what passes, and lets a test answer in its place', async () => {
  const seen: string[] = [];
  const url = await before((_, res) => res.writeHead(204).end(), {
    onRequest: ({ url: path }, response) => path === '/here' && Boolean(response.writeHead(418).end()),
    onAnswer: ({ method, url: path }, { statusCode }) => void seen.push(`${method} ${path} ${statusCode}`),
  });
  expect((await fetch(`${url}/here`)).status).toBe(418);
  expect((await fetch(`${url}/there`)).status).toBe(204);
  expect(seen).toEqual(['GET /there 204']);
});
