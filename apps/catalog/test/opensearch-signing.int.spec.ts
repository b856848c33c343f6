import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { connect } from '../src/adapters/opensearch/client';
import { liveIndexes } from '../src/adapters/opensearch/rebuild';

const credentials = { id: 'AKIDEXAMPLE', secret: 'a secret of a test', token: 'a session token' };
const region = 'eu-central-1';

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Each segment of the path encoded once more, as AWS asks of every service but S3. */
const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, hexOf))
    .join('/');
const hexOf = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

/** Signature Version 4 of a request as it arrived, by the rules that AWS has published, in the order they name them. */
function signatureOf(req: IncomingMessage, body: Buffer, service: string, signedHeaders: string): string {
  const [path = '', search = ''] = (req.url ?? '').split('?');
  const parameters = search.split('&').filter(Boolean).sort();
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(req.headers[name]).trim()}\n`);
  const canonical = [
    ...[req.method, canonicalPath(path), parameters.map((one) => (one.includes('=') ? one : `${one}=`)).join('&')],
    ...[headers.join(''), signedHeaders, sha256(body)],
  ].join('\n');
  const date = String(req.headers['x-amz-date']);
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${credentials.secret}`);
  return hmac(key, toSign).toString('hex');
}

/** Answers as an OpenSearch without indexes, if the request is signed, and tells what came. */
async function startVerifier(service: string) {
  const seen: { path: string; problem: string | undefined }[] = [];
  const problemOf = (req: IncomingMessage, body: Buffer): string | undefined => {
    const pattern = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
    const [, credential, signedHeaders = '', signature] = pattern.exec(req.headers.authorization ?? '') ?? [];
    const date = String(req.headers['x-amz-date']).slice(0, 8);
    if (credential !== `${credentials.id}/${date}/${region}/${service}/aws4_request`) return `scope ${credential}`;
    for (const name of ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'])
      if (!signedHeaders.split(';').includes(name)) return `${name} is not signed`;
    if (req.headers['x-amz-security-token'] !== credentials.token) return 'session token';
    if (req.headers['x-amz-content-sha256'] !== sha256(body)) return 'hash of the body';
    return signature === signatureOf(req, body, service, signedHeaders) ? undefined : 'signature';
  };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const problem = problemOf(req, Buffer.concat(chunks));
      seen.push({ path: req.url ?? '', problem });
      res.writeHead(problem === undefined ? 200 : 403, { 'content-type': 'application/json' });
      res.end(problem === undefined ? '{}' : JSON.stringify({ message: problem }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const kept = { ...process.env };
beforeEach(() => {
  // What the default chain finds first.
  process.env['AWS_ACCESS_KEY_ID'] = credentials.id;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secret;
  process.env['AWS_SESSION_TOKEN'] = credentials.token;
});
afterEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    if (kept[name] === undefined) delete process.env[name];
    else process.env[name] = kept[name];
});

describe.each(['es', 'aoss'] as const)('requests to OpenSearch, signed for %s', (service) => {
  it('carry a Signature Version 4 that AWS can verify: reads, bodies, names with stars, parameters', async () => {
    await using server = await startVerifier(service);
    const client = await connect({ url: server.url, auth: 'sigv4', region, service });
    expect(await liveIndexes(client)).toEqual([]);
    await client.search({ index: 'kinora-videos', body: { query: { match: { title: 'Käse & Brot' } } }, q: 'a b+c' });
    await client.bulk({ refresh: true, body: [{ index: { _id: 'vid_1:0', routing: 'vid_1' } }, { title: 'Ünïcode' }] });
    await client.indices.updateAliases({ body: { actions: [] } });
    await client.close();
    expect(server.seen.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined, undefined]);
    expect(server.seen.map(({ path }) => path.split('?')[0])).toEqual([
      '/kinora-videos-*/_alias',
      '/kinora-videos/_search',
      '/_bulk',
      '/_aliases',
    ]);
  });

  it('are refused when they are signed with another secret, or for another region', async () => {
    await using server = await startVerifier(service);
    const elsewhere = await connect({ url: server.url, auth: 'sigv4', region: 'us-west-2', service });
    await expect(liveIndexes(elsewhere)).rejects.toMatchObject({ statusCode: 403 });
    process.env['AWS_SECRET_ACCESS_KEY'] = 'another secret';
    const client = await connect({ url: server.url, auth: 'sigv4', region, service });
    await expect(liveIndexes(client)).rejects.toMatchObject({ statusCode: 403 });
    await Promise.all([client.close(), elsewhere.close()]);
    expect(server.seen.map(({ problem }) => problem)).toEqual([expect.stringContaining('us-west-2'), 'signature']);
  });
});

it('are not signed unless that is asked for', async () => {
  await using server = await startVerifier('es');
  const client = await connect({ url: server.url, auth: 'none', region, service: 'es' });
  await expect(liveIndexes(client)).rejects.toMatchObject({ statusCode: 403 });
  await client.close();
});
