import { type PostgresServer, backend, freshDir, removeWithMe, startPostgres, withClient } from '@kinora/testing';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface OwnPostgres extends PostgresServer {
  readonly dataDir: string;
  readonly home: string;
}

/** Another PostgreSQL 15 like the one that the back ends share, which a test may stop, kill and reconfigure. Its data outlive it. */
export async function startOwnPostgres(dataDir = ownDir(), port?: number): Promise<OwnPostgres> {
  const home = await withClient(backend('postgres').url, async (client) => {
    const { rows } = await client.query<{ setting: string }>(`select setting from pg_config where name = 'BINDIR'`);
    return path.dirname(rows[0]?.setting ?? '');
  });
  const server = await startPostgres({ home, dataDir, ...(port !== undefined && { port }) });
  return { ...server, dataDir, home };
}

function ownDir(): string {
  const folder = freshDir('kinora-own-postgres');
  removeWithMe(folder);
  return folder;
}

export interface Authority {
  readonly caFile: string;
  /** Of somebody else, with the same name. */
  readonly otherCaFile: string;
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** A certificate authority, and a certificate of it for `localhost`, made with OpenSSL. */
export function makeCertificates(): Authority {
  const folder = freshDir('kinora-certificates');
  removeWithMe(folder);
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  for (const name of ['ca', 'other'])
    openssl(
      ...['req', '-x509', ...ec, '-days', '2', '-subj', '/CN=Test authority', '-keyout', `${name}.key`],
      ...['-out', `${name}.pem`],
    );
  writeFileSync(at('san'), 'subjectAltName=DNS:localhost');
  openssl('req', ...ec, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'],
    ...['-extfile', 'san', '-out', 'server.pem'],
  );
  return {
    caFile: at('ca.pem'),
    otherCaFile: at('other.pem'),
    keyFile: at('server.key'),
    certificateFile: at('server.pem'),
  };
}

/** Puts files where the server may read them, as its own, and gives their paths. */
async function handOver(server: PostgresServer, files: Readonly<Record<string, Buffer>>): Promise<string[]> {
  const data = await setting(server, 'data_directory');
  const { uid, gid } = statSync(data);
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(data, name);
    writeFileSync(file, content);
    chownSync(file, uid, gid);
    chmodSync(file, 0o600);
    return file;
  });
}

export const setting = (server: PostgresServer, name: string): Promise<string> =>
  withClient(server.url, async (client) => {
    const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
    return rows[0]?.value ?? '';
  });

/** Turns TLS on. Who is asked for a password by `hba` lines must come with it. */
export async function useTls(
  server: PostgresServer,
  certificate: Buffer,
  key: Buffer,
  hba: readonly string[] = [],
): Promise<void> {
  const [certificateFile = '', keyFile = ''] = await handOver(server, { 'own.pem': certificate, 'own.key': key });
  const hbaFile = await setting(server, 'hba_file');
  writeFileSync(hbaFile, [...hba, 'host all all 127.0.0.1/32 scram-sha-256', ''].join('\n'));
  await withClient(server.url, async (client) => {
    await client.query(`alter system set ssl_cert_file = '${certificateFile}'`);
    await client.query(`alter system set ssl_key_file = '${keyFile}'`);
    await client.query('alter system set ssl = on');
    await client.query('select pg_reload_conf()');
  });
}
