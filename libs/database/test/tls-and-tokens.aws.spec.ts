import { backend, eventually, withClient } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import { type DatabaseSettings, createDatabase } from '../src/index';
import { type Authority, type OwnPostgres, makeCertificates, startOwnPostgres, useTls } from './support/postgres-15';
import { type TokenJudge, refusalOf, startTokenJudge } from './support/token-judge';

jest.setTimeout(120_000);

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a/secret+of=the test' };
let server: OwnPostgres;
let authority: Authority;
let judge: TokenJudge;
let before: NodeJS.ProcessEnv;

beforeAll(async () => {
  expect(backend('postgres').url).toMatch(/^postgres:/);
  before = process.env;
  process.env = {
    ...before,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  authority = makeCertificates();
  judge = await startTokenJudge(keys);
  server = await startOwnPostgres();
  await useTls(server, readFileSync(authority.certificateFile), readFileSync(authority.keyFile), [
    `hostssl all app 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=${judge.port} ldapprefix="cn="`,
    'hostnossl all app 127.0.0.1/32 reject',
  ]);
  await withClient(server.url, (client) => client.query('create role app login'));
  await eventually(async () => (await connect({ DATABASE_SSL: 'require' })).encrypted, { label: 'TLS' });
});
afterAll(async () => {
  process.env = before;
  await server.stop();
  await judge[Symbol.asyncDispose]();
});

const urlFor = (host: string): string => {
  const url = new URL(server.url);
  url.hostname = host;
  return url.href;
};

/** Opens a connection as a service does, and tells whether PostgreSQL sees it encrypted. */
async function connect(settings: Partial<DatabaseSettings>, host = 'localhost') {
  const db = createDatabase({ settings: { DATABASE_URL: urlFor(host), ...settings }, schema: 'sample' });
  try {
    const { rows } = await db.writer.raw<{ rows: { ssl: boolean }[] }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return { encrypted: rows[0]?.ssl === true };
  } finally {
    await db.close();
  }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'connected',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

describe('TLS', () => {
  it('is there when asked for, and only then', async () => {
    expect(await connect({ DATABASE_SSL: 'disable' })).toEqual({ encrypted: false });
    expect(await connect({ DATABASE_SSL: 'require' })).toEqual({ encrypted: true });
  });

  it('checks who certifies the server, and that it is this one', async () => {
    const { caFile, otherCaFile } = authority;
    expect(await connect({ DATABASE_SSL: 'verify-full', DATABASE_CA_FILE: caFile })).toEqual({ encrypted: true });
    expect(await codeOf(connect({ DATABASE_SSL: 'verify-full', DATABASE_CA_FILE: otherCaFile }))).toMatch(
      /SELF_SIGNED|UNABLE_TO_VERIFY|signature/i,
    );
    expect(await codeOf(connect({ DATABASE_SSL: 'verify-full' }))).toMatch(/SELF_SIGNED|UNABLE_TO_|signature/i);
    // The certificate is of `localhost`, and this is another name of the same machine.
    const byAddress = connect({ DATABASE_SSL: 'verify-full', DATABASE_CA_FILE: caFile }, '127.0.0.1');
    expect(await codeOf(byAddress)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('can be asked of an authority that is not there: a mistake in the configuration', () => {
    const settings = {
      DATABASE_URL: server.url,
      DATABASE_SSL: 'verify-full',
      DATABASE_CA_FILE: '/nowhere.pem',
    } as const;
    expect(() => createDatabase({ settings, schema: 'sample' })).toThrow('DATABASE_CA_FILE');
  });
});

describe('IAM tokens', () => {
  const settings = (): DatabaseSettings => {
    const url = new URL(urlFor('localhost'));
    url.username = 'app';
    url.password = '';
    return {
      DATABASE_URL: url.href,
      DATABASE_AUTH: 'iam',
      DATABASE_SSL: 'verify-full',
      DATABASE_CA_FILE: authority.caFile,
    };
  };

  it('never travel in the clear', () => {
    const clear: DatabaseSettings = { ...settings(), DATABASE_SSL: 'disable' };
    expect(() => createDatabase({ settings: clear, schema: 'sample' })).toThrow('DATABASE_AUTH=iam needs DATABASE_SSL');
  });

  it('open connections, each with a token of its own time', async () => {
    const db = createDatabase({ settings: settings(), schema: 'sample' });
    const who = async () => (await db.writer.raw<{ rows: { who: string }[] }>('select current_user as who')).rows;
    expect(await who()).toEqual([{ who: 'app' }]);
    const [first = ''] = judge.accepted;
    expect(first).toMatch(/^localhost:\d+\/\?Action=connect&DBUser=app&/);
    expect(first).toContain('eu-central-1%2Frds-db%2Faws4_request');
    expect(first).not.toContain(keys.secretAccessKey);
    // Connections are cut until one was opened in another second: its token says so.
    await eventually(async () => {
      const end = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`;
      await withClient(server.url, (client) => client.query(end));
      await eventually(async () => (await who()).length === 1);
      return new Set(judge.accepted).size > 1;
    });
    expect(judge.refused).toEqual([]);
    await db.close();
  });

  it('are good for a quarter of an hour, for one key', () => {
    const [token = ''] = judge.accepted;
    expect(refusalOf(token, keys)).toBeUndefined();
    expect(refusalOf(token, keys, Date.now() + 901_000)).toBe('expired');
    expect(refusalOf(token, { ...keys, secretAccessKey: 'another' })).toBe('a wrong signature');
    expect(refusalOf(token.replace('DBUser=app', 'DBUser=root'), keys)).toBe('a wrong signature');
  });

  it('of somebody else are refused by the server: 28000', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'not the secret';
    expect(await codeOf(connect(settings()))).toMatch(/^28/);
    process.env['AWS_SECRET_ACCESS_KEY'] = keys.secretAccessKey;
    expect(judge.refused).toHaveLength(1);
  });
});
