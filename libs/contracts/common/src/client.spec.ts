import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { ApiProblem, Nothing, VideoId, createClient, endpoint, newId, urlOf } from './index';

const contract = {
  get: endpoint({
    id: 't.get',
    method: 'get',
    path: '/v1/x/{id}',
    access: 'public',
    summary: 's',
    params: z.object({ id: z.string() }),
    query: z.object({ tag: z.array(z.string()).optional(), q: z.string().optional() }),
    success: { status: 200, body: z.object({ url: z.string() }) },
    problems: [],
  }),
  drop: endpoint({
    id: 't.drop',
    method: 'delete',
    path: '/v1/x',
    access: 'public',
    summary: 's',
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  fail: endpoint({
    id: 't.fail',
    method: 'post',
    path: '/v1/fail',
    access: 'public',
    summary: 's',
    body: z.object({ as: z.enum(['problem', 'html', 'wrong']) }),
    success: { status: 200, body: z.object({ n: z.int() }) },
    problems: [],
  }),
};

const server = createServer((req, res) => {
  if (req.method === 'DELETE') return res.writeHead(204).end();
  if (req.method === 'GET')
    return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ url: req.url, more: 1 }));
  let body = '';
  req.on('data', (chunk: Buffer) => (body += chunk.toString()));
  req.on('end', () => {
    const { as } = JSON.parse(body) as { as: string };
    if (as === 'wrong') return res.writeHead(200).end('{"n":"x"}');
    return as === 'problem'
      ? res
          .writeHead(429, { 'retry-after': '7' })
          .end(JSON.stringify({ title: 'Too Many', status: 429, code: 'rate.limited', detail: 'Slow down.' }))
      : res.writeHead(502).end('<html>');
  });
});
let client: ReturnType<typeof createClient<typeof contract>>;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = createClient(contract, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it('puts parameters and repeated query values where they belong', async () => {
  expect(await client.get({ params: { id: 'a/b?' }, query: { tag: ['x', 'y z'] } })).toEqual({
    url: '/v1/x/a%2Fb%3F?tag=x&tag=y+z',
  });
  expect(urlOf('', contract.get, { params: { id: '1' }, query: { q: undefined } })).toBe('/v1/x/1');
});
it('takes an answer without a body', async () => expect(await client.drop({})).toBeUndefined());
it('rejects with the code of the problem', async () => {
  const error = await client.fail({ body: { as: 'problem' } }).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ code: 'rate.limited', status: 429, message: 'Slow down.', retryAfter: 7 });
});
it('rejects with a code of its own when a proxy answers', () =>
  expect(client.fail({ body: { as: 'html' } })).rejects.toMatchObject({ code: 'http.unexpected', status: 502 }));
it('rejects an answer that does not fit the contract', () =>
  expect(client.fail({ body: { as: 'wrong' } })).rejects.toThrow(/expected number/));
it('makes ids that sort by time and fit their schema', () => {
  const ids = [newId('vid', 1_000), newId('vid', 2_000), newId('vid', 3_000)];
  expect([...ids].sort()).toEqual(ids);
  expect(ids.every((id) => VideoId.safeParse(id).success)).toBe(true);
  expect(VideoId.safeParse(newId('upl')).success).toBe(false);
});
