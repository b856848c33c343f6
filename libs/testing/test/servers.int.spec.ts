import { existsSync, readFileSync } from 'node:fs';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  eventually,
  freshDir,
  isPortFree,
  startCognitoLocal,
  startDynalite,
  startPostgres,
  startRedis,
  testDatabase,
  withClient,
} from '../src';

jest.setTimeout(120_000);

describe('PostgreSQL', () => {
  it('keeps what was written in a data folder, over an orderly stop and over SIGKILL', async () => {
    const dataDir = freshDir();
    const first = await startPostgres({ dataDir });
    await withClient(first.url, (client) => client.query('create table t as select 1 as n'));
    await first.stop();
    expect(await isPortFree(first.port)).toBe(true);

    const second = await startPostgres({ dataDir });
    await withClient(second.url, (client) => client.query('insert into t values (2)'));
    process.kill(second.pid, 'SIGKILL');
    await second.exited;

    const third = await startPostgres({ dataDir });
    const { rows } = await withClient(third.url, (client) => client.query<{ n: number }>('select n from t order by n'));
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    await third.stop();
  });

  it('starts again although sessions of the killed server are still at work', async () => {
    const dataDir = freshDir();
    const killed = await startPostgres({ dataDir });
    const busy = new Client({ connectionString: killed.url });
    busy.on('error', () => undefined);
    await busy.connect();
    const cut = busy.query('select count(*) from generate_series(1, 1e12::bigint)').catch((error: unknown) => error);
    await withClient(killed.url, (client) =>
      eventually(async () => {
        const sql =
          "select 1 from pg_stat_activity where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid()";
        return (await client.query(sql)).rowCount === 1;
      }),
    );
    process.kill(killed.pid, 'SIGKILL');
    await killed.exited;

    await using again = await startPostgres({ dataDir });
    await withClient(again.url, (client) => client.query('select 1'));
    expect(await cut).toBeInstanceOf(Error);
  });

  it('takes the port it is given when that is free, and asks for a password', async () => {
    const dataDir = freshDir();
    await using server = await startPostgres({ dataDir });
    const open = new URL(server.url);
    open.password = 'wrong';
    await expect(withClient(open.href, (client) => client.query('select 1'))).rejects.toThrow(/password/);
  });

  it('can be stopped while sessions are open', async () => {
    const server = await startPostgres();
    await withClient(server.url, async () => {
      const before = Date.now();
      await server.stop();
      expect(Date.now() - before).toBeLessThan(8_000);
    });
  });

  it('gives each test a database of its own on one server', async () => {
    const [a, b] = await Promise.all([testDatabase(), testDatabase()]);
    expect(new URL(a.url).port).toBe(new URL(b.url).port);
    await withClient(a.url, (client) =>
      client.query('create table t (n int); create extension pg_trgm; create extension unaccent'),
    );
    await withClient(b.url, (client) => client.query('create table t (n int)'));
    await a.drop();
    await expect(withClient(a.url, (client) => client.query('select 1'))).rejects.toThrow(/does not exist/);
    await b.drop();
  });
});

test('Redis keeps an append-only file in its folder', async () => {
  const dir = freshDir();
  const first = await startRedis({ dir, appendonly: true });
  const client = new Redis(first.url);
  await client.set('k', 'v');
  await client.quit();
  await first.stop();

  await using second = await startRedis({ dir, appendonly: true, port: first.port });
  expect(second.port).toBe(first.port);
  const again = new Redis(second.url);
  expect(await again.get('k')).toBe('v');
  await again.quit();
});

test('dynalite answers in the form of DynamoDB', async () => {
  await using server = await startDynalite({ path: freshDir() });
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x',
      'x-amz-date': '20260101T000000Z',
    },
    body: '{}',
  });
  expect(await answer.json()).toEqual({ TableNames: [] });
});

test('cognito-local hands out the codes that it would send', async () => {
  await using server = await startCognitoLocal({ issuerDomain: 'http://issuer.example' });
  const cognito = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const pool = await cognito.send(
    new CreateUserPoolCommand({ PoolName: 'p', UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }),
  );
  const UserPoolId = pool.UserPool?.Id ?? '';
  const app = await cognito.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c' }));
  const ClientId = app.UserPoolClient?.ClientId ?? '';
  const email = `somebody.with.a.long.name+${'x'.repeat(60)}@example.org`;
  await cognito.send(
    new SignUpCommand({
      ClientId,
      Username: email,
      Password: 'Passw0rd!',
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  expect(await server.codeFor(email)).toMatch(/^\d{4,6}$/);
  const asked = server.codeFor(email);
  await cognito.send(new ForgotPasswordCommand({ ClientId, Username: email }));
  expect(await asked).toMatch(/^\d{4,6}$/);
  cognito.destroy();
});

test('a temporary folder is there until the process ends', () => {
  const folder = freshDir();
  expect(existsSync(folder)).toBe(true);
  expect(readFileSync('/proc/self/status', 'utf8')).toContain('Name');
});
