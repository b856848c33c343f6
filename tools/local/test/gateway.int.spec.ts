import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Mailbox } from '../src/gateway/mailbox';
import { type Gateway, PortInUse, startGateway } from '../src/gateway/gateway';
import { type ServiceName, SERVICES } from '../src/platform/services';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const gateways: Gateway[] = [];
const mailbox = new Mailbox();

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A gateway whose services answer as told; the others say their name. */
async function gatewayTo(handlers: Partial<Record<ServiceName, Handler>>): Promise<Gateway> {
  const gateway = await startGateway({ port: 0, mailbox });
  gateways.push(gateway);
  const urls = await Promise.all(
    SERVICES.map(async (name) => [name, await serve(handlers[name] ?? ((_request, response) => response.end(name)))]),
  );
  gateway.open(Object.fromEntries(urls) as Record<ServiceName, string>);
  return gateway;
}

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

it('sends each path to its service', async () => {
  const { url } = await gatewayTo({});
  const answer = async (path: string) => (await fetch(url + path)).text();
  expect(await answer('/v1/videos')).toBe('catalog');
  expect(await answer('/t/abc/media/x')).toBe('edge');
  expect(await answer('/anything?q=/v1/videos')).toBe('web');
  expect((await fetch(`${url}/internal/v1/jwks.json`)).status).toBe(404);
});

it('tells the service who asked, by which name, under which id, and believes no client about it', async () => {
  const { url, port } = await gatewayTo({ web: (request, response) => response.end(JSON.stringify(request.headers)) });
  const answer = await fetch(url, {
    headers: {
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=1.2.3.4',
      'x-request-id': 'no good',
    },
  });
  const seen = (await answer.json()) as Record<string, string>;
  expect(seen).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': `localhost:${port}`,
    host: `localhost:${port}`,
  });
  expect(seen['forwarded']).toBeUndefined();
  expect(seen['x-request-id']).toMatch(/^req_/);
  expect(answer.headers.get('x-request-id')).toBe(seen['x-request-id']);
  const given = await fetch(url, { headers: { 'x-request-id': 'abcdefgh-1234' } });
  expect(given.headers.get('x-request-id')).toBe('abcdefgh-1234');
});

it('streams an upload to the service before it has ended', async () => {
  let firstBytes: (value: string) => void = () => undefined;
  const arrived = new Promise<string>((resolve) => (firstBytes = resolve));
  const { port } = await gatewayTo({
    edge: (incoming, response) => {
      incoming.once('data', (chunk: Buffer) => firstBytes(chunk.toString()));
      incoming.on('end', () => response.end('stored'));
    },
  });
  const upload = request({ port, host: '127.0.0.1', path: '/store/staging/x', method: 'PUT' });
  const answered = new Promise<string>((resolve) =>
    upload.on('response', (response) => response.once('data', (data: Buffer) => resolve(data.toString()))),
  );
  upload.write('first part');
  expect(await arrived).toBe('first part');
  upload.end('second part');
  expect(await answered).toBe('stored');
});

it('keeps the connection of an upload that its service refuses unread', async () => {
  const { port } = await gatewayTo({
    edge: (incoming, response) => {
      if (incoming.method === 'PUT') response.writeHead(403).end('refused');
      else response.end('served');
    },
  });
  const half = Buffer.alloc(3_000_000);
  const client = connect(port, '127.0.0.1').setEncoding('latin1');
  const answers = client.iterator() as AsyncIterator<string>;
  const until = async (text: string) => {
    for (let all = ''; !all.includes(text);) {
      const { value, done } = (await answers.next()) as IteratorResult<string, undefined>;
      if (done) throw new Error('the connection was closed');
      all += value;
    }
  };
  client.write(`PUT /store/x HTTP/1.1\r\nhost: kinora\r\ncontent-length: ${2 * half.length}\r\n\r\n`);
  await until('refused');
  client.write(half);
  client.write(half);
  client.write('GET /store/x HTTP/1.1\r\nhost: kinora\r\n\r\n');
  await until('served');
  client.destroy();
});

it('passes server-sent events on as they come, and notices when nobody listens any more', async () => {
  let closed: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (closed = resolve));
  let push: (text: string) => void = () => undefined;
  const { url } = await gatewayTo({
    analytics: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      push = (text) => response.write(`data: ${text}\n\n`);
      push('1');
      response.on('close', closed);
    },
  });
  const abort = new AbortController();
  const answer = await fetch(`${url}/v1/videos/vid_1/analytics/live`, { signal: abort.signal });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('data: 1\n\n');
  push('2');
  expect((await reader.read()).value).toBe('data: 2\n\n');
  abort.abort();
  await gone;
});

it('answers with a problem while a service is down, and while the platform starts', async () => {
  const starting = await startGateway({ port: 0, mailbox });
  gateways.push(starting);
  expect(await (await fetch(`${starting.url}/v1/videos`)).json()).toMatchObject({
    status: 503,
    code: 'gateway.starting',
  });
  starting.open(
    Object.fromEntries(SERVICES.map((name) => [name, 'http://127.0.0.1:1'])) as Record<ServiceName, string>,
  );
  const answer = await fetch(`${starting.url}/v1/videos`);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.json()).toMatchObject({ status: 502, code: 'gateway.unavailable' });
});

it('cuts an answer short when its service dies in the middle of it', async () => {
  const { url } = await gatewayTo({
    edge: (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    },
  });
  await expect(fetch(`${url}/media/x`).then((answer) => answer.text())).rejects.toThrow();
});

it('shows the merged reference and the codes that were sent', async () => {
  const openapi = (path: string) =>
    JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { [path]: { get: {} } } });
  const json =
    (body: string): Handler =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  const { url, port } = await gatewayTo({
    auth: json(openapi('/v1/auth/profile')),
    catalog: json(openapi('/v1/videos')),
  });
  expect(await (await fetch(`${url}/docs`)).text()).toContain('swagger-ui-bundle.js');
  expect((await fetch(`${url}/docs/swagger-ui-bundle.js`)).status).toBe(200);
  const reference = (await (await fetch(`${url}/docs/openapi.json`)).json()) as { paths: object };
  expect(Object.keys(reference.paths)).toEqual(['/v1/auth/profile', '/v1/videos']);

  mailbox.add({ username: 'u', email: 'new@example.org', code: '4711' });
  const letters = await fetch(`${url}/dev/mailbox?email=new@example.org`, { headers: { accept: 'application/json' } });
  expect(await letters.json()).toMatchObject({ items: [{ code: '4711' }] });
  expect(await (await fetch(`${url}/dev/mailbox`)).text()).toContain('4711');
  // fetch would not let us lie about the host
  const rebound = await new Promise<number | undefined>((resolve) =>
    request({ port, host: '127.0.0.1', path: '/dev/mailbox', headers: { host: 'evil.example' } }, (response) =>
      resolve(response.statusCode),
    ).end(),
  );
  expect(rebound).toBe(403);
});

it('says which option helps when the port is in use', async () => {
  const first = await startGateway({ port: 0, mailbox });
  gateways.push(first);
  await expect(startGateway({ port: first.port, mailbox })).rejects.toThrow(PortInUse);
  await expect(startGateway({ port: first.port, mailbox })).rejects.toThrow('--port');
});
