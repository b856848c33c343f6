import { createHash, createHmac } from 'node:crypto';
import { type AddressInfo, type Socket, createServer } from 'node:net';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
/** As Signature Version 4 spells a value in a query. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Why RDS would refuse an authentication token, computed from Amazon's description of Signature Version 4 alone; undefined when it is good.
 */
export function refusalOf(token: string, { accessKeyId, secretAccessKey }: Keys, now = Date.now()): string | undefined {
  const { host, pathname, searchParams } = new URL(`https://${token}`);
  const given = searchParams.get('X-Amz-Signature') ?? '';
  searchParams.delete('X-Amz-Signature');
  const date = searchParams.get('X-Amz-Date') ?? '';
  const at = Date.parse(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
  const [keyId, day, region, service] = (searchParams.get('X-Amz-Credential') ?? '').split('/');
  if (service !== 'rds-db' || searchParams.get('Action') !== 'connect') return 'not a token for a database';
  if (keyId !== accessKeyId) return 'an unknown key';
  if (Number(searchParams.get('X-Amz-Expires')) !== 900 || !(now < at + 900_000 && at < now + 5_000)) return 'expired';
  const query = [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const request = ['GET', pathname, query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = `${day}/${region}/rds-db/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(request)].join('\n');
  const key = [day, region, 'rds-db', 'aws4_request'].reduce(
    (last: Buffer | string, part) => hmac(last, part ?? ''),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, toSign).toString('hex') === given ? undefined : 'a wrong signature';
}

/** One value of BER (X.690): its tag, its bytes, and what follows. */
function take(bytes: Buffer): { tag: number; body: Buffer; rest: Buffer } | undefined {
  const short = bytes[1] ?? 0;
  const more = short > 127 ? short - 128 : 0;
  if (bytes.length < 2 + more) return undefined;
  const length = more > 0 ? bytes.readUIntBE(2, more) : short;
  const end = 2 + more + length;
  if (bytes.length < end) return undefined;
  return { tag: bytes[0] ?? 0, body: bytes.subarray(2 + more, end), rest: bytes.subarray(end) };
}

export interface TokenJudge extends AsyncDisposable {
  readonly port: number;
  /** Passwords that were accepted, in order. */
  readonly accepted: string[];
  readonly refused: string[];
}

/**
 * Judges passwords for a real PostgreSQL, which sends them here as LDAP (RFC 4511) binds when its pg_hba.conf says so: what RDS's own check
 * of tokens is in AWS.
 */
export async function startTokenJudge(keys: Keys): Promise<TokenJudge> {
  const accepted: string[] = [];
  const refused: string[] = [];
  const answer = (socket: Socket, message: Buffer): void => {
    const id = take(message);
    const operation = id && take(id.rest);
    if (operation?.tag !== 0x60) return void socket.end();
    const version = take(operation.body);
    const name = version && take(version.rest);
    const password = (name && take(name.rest))?.body.toString() ?? '';
    const refusal = refusalOf(password, keys);
    (refusal === undefined ? accepted : refused).push(password);
    // 0: success, 49: invalid credentials.
    const result = Buffer.from([0x61, 7, 0x0a, 1, refusal === undefined ? 0 : 49, 4, 0, 4, 0]);
    const body = Buffer.concat([Buffer.from([2, id?.body.length ?? 0]), id?.body ?? Buffer.alloc(0), result]);
    socket.write(Buffer.concat([Buffer.from([0x30, body.length]), body]));
  };
  const server = createServer((socket) => {
    let read = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      for (let message = take(read); message; message = take(read)) {
        answer(socket, message.body);
        read = Buffer.from(message.rest);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ...{ accepted, refused },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
