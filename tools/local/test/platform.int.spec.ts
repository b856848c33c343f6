import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Child, eventually, freshDir, nodeBinary, startChild, withClient, workspaceRoot } from '@kinora/testing';
import { DataFolderInUse, type Platform, type PlatformOptions, startPlatform } from '../src';
import { identityOf, isAlive, type ProcessIdentity } from '../src/platform/process-identity';

jest.setTimeout(180_000);

const standIn = path.join(__dirname, 'fixtures/stand-in.cjs');
const start = (dataDir: string, options: Partial<PlatformOptions> = {}) =>
  startPlatform({ dataDir, port: 0, build: false, bundle: () => standIn, ...options });
const children = (dataDir: string) =>
  JSON.parse(readFileSync(path.join(dataDir, 'children.json'), 'utf8')) as ProcessIdentity[];
const environment = async (platform: Platform, name: 'auth' | 'edge' | 'encoder') =>
  (await (await fetch(`${platform.services[name].url}/environment`)).json()) as Record<string, string>;

describe('a platform', () => {
  const dataDir = path.join(freshDir(), 'with a space', 'data');
  let platform: Platform;
  beforeAll(async () => {
    platform = await start(dataDir, { env: { encoder: { STAND_IN: 'helper' } } });
  });
  afterAll(() => platform.stop());

  it('gives each service what it needs and no more', async () => {
    const auth = await environment(platform, 'auth');
    const edge = await environment(platform, 'edge');
    expect(auth['DATABASE_URL']).toMatch(/^postgres:/);
    expect(auth['KINORA_PUBLIC_URL']).toBe(platform.url);
    expect(edge['DATABASE_URL']).toBeUndefined();
    expect(edge['CLOUDFRONT_PRIVATE_KEY']).toBeUndefined();
    expect(edge['KINORA_SERVICE_SECRET']).not.toBe(auth['KINORA_SERVICE_SECRET']);
    expect(edge['npm_config_user_agent']).toBeUndefined();
  });

  it('keeps secrets to their owner', () => {
    expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o077).toBe(0);
    expect(statSync(dataDir).mode & 0o077).toBe(0);
  });

  it('refuses a second one on its data folder', async () => {
    await expect(start(dataDir)).rejects.toThrow(DataFolderInUse);
    await expect(start(dataDir)).rejects.toThrow('--data');
  });

  it('restarts a service that was killed, with what it had started gone', async () => {
    const { encoder } = platform.services;
    const { pid } = encoder;
    const helper = identityOf(Number((await environment(platform, 'encoder'))['helper']));
    encoder.kill('SIGKILL');
    await eventually(() => encoder.pid !== pid && encoder.pid !== -1);
    await encoder.waitReady();
    expect(encoder.restarts).toBe(1);
    expect(isAlive(helper)).toBe(false);
  });

  it('keeps a stopped service down until it is started', async () => {
    const { edge } = platform.services;
    await edge.stop();
    expect(edge.pid).toBe(-1);
    expect((await fetch(`${platform.url}/media/x`)).status).toBe(502);
    edge.start();
    await edge.waitReady();
    expect((await fetch(`${platform.url}/media/x`)).status).toBe(200);
  });

  it('lets the demo user sign in to Cognito as an admin', async () => {
    const { endpoint, clientId } = platform.backEnds.cognito;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: platform.demo.email, PASSWORD: platform.demo.password },
      }),
    });
    const { AuthenticationResult: tokens } = (await answer.json()) as { AuthenticationResult: { AccessToken: string } };
    const claims = JSON.parse(Buffer.from(tokens.AccessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(claims['iss']).toBe(platform.backEnds.cognito.issuer);
    expect(claims['cognito:groups']).toEqual(expect.arrayContaining(['admin']));
    expect((await fetch(`${String(claims['iss'])}/.well-known/jwks.json`)).status).toBe(200);
  });
});

it('comes back on the same ports, with the same secrets and data, and a new demo password if one is given', async () => {
  const dataDir = freshDir();
  const first = await start(dataDir);
  await withClient(first.backEnds.databaseUrl, (client) => client.query('create table kept as select 1 as n'));
  const started = Date.now();
  await first.stop();
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(children(dataDir).filter(isAlive)).toEqual([]);

  const second = await start(dataDir, { demoPassword: 'Another-Passw0rd' });
  expect(second.backEnds.cognito).toEqual(first.backEnds.cognito);
  expect(second.services.auth.url).toBe(first.services.auth.url);
  expect(second.demo).toEqual({ email: 'demo@kinora.local', password: 'Another-Passw0rd' });
  await withClient(second.backEnds.databaseUrl, (client) => client.query('select n from kept'));
  await second.stop();
});

it('leaves nothing running when a start fails, and tells what the service said', async () => {
  const dataDir = freshDir();
  const abort = new AbortController();
  const crashes: string[] = [];
  const starting = start(dataDir, {
    signal: abort.signal,
    env: { catalog: { STAND_IN: 'broken' } },
    onCrash: ({ name, tail }) => {
      crashes.push(`${name}: ${tail}`);
      abort.abort();
    },
  });
  await expect(starting).rejects.toThrow();
  expect(crashes[0]).toContain('catalog: could not start: DATABASE_URL is wrong');
  expect(children(dataDir).filter(isAlive)).toEqual([]);
  expect(existsSync(path.join(dataDir, 'lock.json'))).toBe(false);
});

describe('the process of a platform', () => {
  const run = (dataDir: string): { child: Child; url: Promise<string> } => {
    let said: (url: string) => void = () => undefined;
    const url = new Promise<string>((resolve) => (said = resolve));
    const child = startChild({
      name: 'platform',
      command: nodeBinary(),
      args: [
        '--import',
        path.join(workspaceRoot, 'node_modules/tsx/dist/loader.mjs'),
        path.join(__dirname, 'fixtures/run-platform.ts'),
        dataDir,
      ],
      env: { ...process.env, TSX_TSCONFIG_PATH: path.join(workspaceRoot, 'tsconfig.base.json') },
      cwd: workspaceRoot,
      onLine: (line) => line.startsWith('http') && said(line),
    });
    return { child, url };
  };

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'leaves no process behind after %s, and its folder can be used again',
    async (signal) => {
      const dataDir = freshDir();
      const { child, url } = run(dataDir);
      expect((await fetch(`${await url}/healthz`)).status).toBe(200);
      const all = children(dataDir);
      expect(all.filter(isAlive)).toHaveLength(12);
      process.kill(child.pid, signal);
      await child.exited;
      await eventually(() => all.filter(isAlive).length === 0, { timeoutMs: 10_000 });
      const again = await start(dataDir);
      await again.stop();
    },
  );
});
