import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createRecordedApi, type Sent } from './recorded-cognito-api';
import { type Asked, createRecordedPages } from './recorded-cognito-pages';
import { AwsError, createRecordedPool } from './recorded-cognito-pool';

export interface RecordedCognitoOptions {
  readonly callbackUrl: string;
  readonly clientSecret?: string;
}

export type RecordedCognito = Awaited<ReturnType<typeof startRecordedCognito>>;

/**
 * A user pool that answers in the shapes that AWS documents, where cognito-local has gaps: names of errors, the password policy, codes that are
 * good once, GlobalSignOut, secrets of app clients, accounts of other providers, keys that rotate, the pages of a domain. Tokens are signed
 * (RS256), codes are checked (RFC 6238, 7636). What it answers is written down from documentation: it proves that Kinora speaks to that,
 * not that AWS does what it documents.
 */
export async function startRecordedCognito({ callbackUrl, clientSecret }: RecordedCognitoOptions) {
  let url = '';
  const calls: string[] = [];
  let keyFetches = 0;
  const pool = await createRecordedPool((poolId) => `${url}/${poolId}`, clientSecret);
  const api = createRecordedApi(pool);
  const pages = createRecordedPages(pool, callbackUrl);
  const routes: Record<string, (asked: Asked) => unknown> = pages.routes;

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const here = new URL(req.url ?? '/', url);
      const route = routes[`${req.method ?? ''} ${here.pathname}`];
      if (here.pathname === `/${pool.poolId}/.well-known/jwks.json`) {
        keyFetches += 1;
        res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(pool.jwks()));
      } else if (route) void route({ url: here, form: new URLSearchParams(body), req, res });
      else
        void answer(String(req.headers['x-amz-target']), body).then(({ status, ...rest }) => {
          // "AWS JSON 1.1 protocol": the type of an error is in a header and in the body.
          const type = 'type' in rest ? { 'x-amzn-errortype': rest.type } : {};
          res
            .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...type })
            .end(JSON.stringify(rest.body));
        });
    });
  });

  async function answer(target: string, text: string) {
    const operation = target.replace('AWSCognitoIdentityProviderService.', '');
    calls.push(operation);
    try {
      const handle = api[operation];
      if (!handle) throw new AwsError('UnknownOperationException', operation);
      return { status: 200, body: await handle(JSON.parse(text) as Sent) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: 400, type: error.type, body: { __type: error.type, message: error.message } };
    }
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    pool,
    pages,
    calls,
    issuer: `${url}/${pool.poolId}`,
    get keyFetches() {
      return keyFetches;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
