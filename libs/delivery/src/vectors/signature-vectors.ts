import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { encode } from '../cloudfront/base64';
import { type SignatureRefusal } from '../cloudfront/verify';
import { type Published } from './token-vectors';

/** What the vectors ask of AWS's own signer (`@aws-sdk/cloudfront-signer`), which a test brings: it is no part of the product. */
export interface OfficialSigner {
  url(options: SignOptions & { url: string }): string;
  cookies(options: SignOptions & { url?: string }): object;
}
export interface SignOptions {
  keyPairId: string;
  privateKey: string;
  algorithm: 'SHA1' | 'SHA256';
  /** Then without the following. */
  policy?: string;
  dateLessThan?: Date;
  dateGreaterThan?: Date;
  ipAddress?: string;
}

export interface SignatureVector {
  readonly name: string;
  /** Path and query as they are sent to {@link SignatureWorld.publicUrl}. */
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a verifier of signatures says. */
  readonly wanted: 'ok' | SignatureRefusal;
  /** Status of what is served; 403 where the verifier refuses, and where a wildcard matches a path of several readings. */
  readonly status: number;
}

export interface SignatureWorld {
  readonly publicUrl: string;
  /** `CLOUDFRONT_KEYS`. Two RSA keys are live, as while keys are rotated, one of them for SHA-256 only; and an EC key. */
  readonly keysJson: string;
  /** Where requests come from. */
  readonly ip: string;
}

const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();

/** The table for signed URLs and cookies. All signatures are made by AWS's own signer. `key` is that of a segment with a number of one digit. */
export function signatureVectors(
  { now, videoId, key }: Published,
  official: OfficialSigner,
): { world: SignatureWorld; vectors: SignatureVector[] } {
  const [first, second, stranger] = [0, 1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (!first || !second || !stranger) throw new Error('three RSA keys are needed');
  const publicUrl = 'https://kinora.test';
  const seconds = Math.floor(now / 1000);
  const time = (offset: number): Date => new Date((seconds + offset) * 1000);
  const dateLessThan = time(3600);

  const by = (keyPairId: string, pair: { privateKey: KeyObject }, algorithm: 'SHA1' | 'SHA256') => ({
    keyPairId,
    privateKey: pem(pair.privateKey),
    algorithm,
  });
  const main = by('KFIRST', first, 'SHA256');
  const url = `${publicUrl}/${key}`;
  const wildcard = `${publicUrl}/media/${videoId}/*`;
  const policyFor = (resource: string): string =>
    `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${seconds + 3600}}}}]}`;

  const canned = (signer = main, of = url, end = dateLessThan): string =>
    official.url({ ...signer, url: of, dateLessThan: end });
  const custom = (resource: string, of = url, signer = main): string =>
    official.url({ ...signer, url: of, policy: policyFor(resource) });
  const limited = (limits: { dateLessThan?: Date; dateGreaterThan?: Date; ipAddress?: string }): string =>
    official.url({ ...main, url, dateLessThan, dateGreaterThan: time(-60), ...limits });
  const cookieOf = (set: object): string =>
    Object.entries(set)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join('; ');
  const cookies = (resource = wildcard, signer = main): string =>
    cookieOf(official.cookies({ ...signer, policy: policyFor(resource) }));
  const cannedCookies = cookieOf(official.cookies({ ...main, url, dateLessThan }));

  const good = canned();
  const open = custom(wildcard);
  const otherVideo = `${videoId.slice(0, -1)}${videoId.endsWith('0') ? '1' : '0'}`;
  const otherKey = key.replace(videoId, otherVideo);
  const within = (rest: string): string => `media/${videoId}/${rest}`;
  const signature = (signed: string): string => /Signature=([^&]+)/.exec(signed)?.[1] ?? '';
  const bent = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  const bentSignature = (signed: string): string => bent(signed, signed.indexOf('Signature=') + 40);
  const [base = '', query = ''] = good.split('?');

  type More = { headers?: Record<string, string>; method?: string; status?: number };
  const cookie = (value: string, more: More = {}): More => ({ ...more, headers: { cookie: value, ...more.headers } });
  /** A wildcard matches, and yet nobody knows which object is meant: not served. */
  const ambiguous = { status: 403 };

  const rows: [string, SignatureVector['wanted'], string, More?][] = [
    // Case 46: signed URLs.
    ['canned', 'ok', good],
    ['canned, HEAD', 'ok', good, { method: 'HEAD' }],
    ['canned, Range', 'ok', good, { headers: { range: 'bytes=0-1' }, status: 206 }],
    ['custom, all limits', 'ok', limited({ ipAddress: '127.0.0.0/8' })],
    ['custom, HEAD', 'ok', open, { method: 'HEAD' }],
    ['custom, Range', 'ok', open, { headers: { range: 'bytes=-2' }, status: 206 }],
    ['canned, expired by one second', 'expired', canned(main, url, time(-1))],
    ['custom, expired by one second', 'expired', limited({ dateLessThan: time(-1) })],
    ['not yet valid', 'not_yet', limited({ dateGreaterThan: time(1800) })],
    ['another address', 'wrong_ip', limited({ ipAddress: '192.0.2.0/24' })],
    ['one address, another', 'wrong_ip', limited({ ipAddress: '127.0.0.2' })],
    ['a key id that is not ours', 'unknown_key', good.replace('KFIRST', 'KNONE')],
    ['a key id of the prototype', 'unknown_key', good.replace('KFIRST', '__proto__')],
    ['the id of the other live key', 'bad_signature', good.replace('KFIRST', 'KSECOND')],
    ['the other live key', 'ok', canned(by('KSECOND', second, 'SHA256'))],
    ['a stranger with our key id', 'bad_signature', canned(by('KFIRST', stranger, 'SHA256'))],
    ['a flipped bit in the signature, canned', 'bad_signature', bentSignature(good)],
    ['a flipped bit in the signature, custom', 'bad_signature', bentSignature(open)],
    ['a flipped bit in the policy', 'bad_signature', bent(open, open.indexOf('Policy=') + 30)],
    ['a later expiry', 'bad_signature', good.replace(/Expires=\d+/, `Expires=${seconds + 7200}`)],
    ['an expiry spelt otherwise', 'malformed', good.replace('Expires=', 'Expires=0')],
    ['Expires twice', 'malformed', `${good}&Expires=${seconds + 3600}`],
    ['Signature twice', 'malformed', `${good}&Signature=${signature(good)}`],
    ['Key-Pair-Id twice', 'malformed', `${good}&Key-Pair-Id=KFIRST`],
    ['Policy twice', 'malformed', `${open}&Policy=x`],
    ['both Expires and Policy', 'malformed', `${open}&Expires=${seconds + 3600}`],
    ['no Signature', 'malformed', good.replace(/&Signature=[^&]+/, '')],
    ['no Key-Pair-Id', 'malformed', good.replace(/&Key-Pair-Id=[^&]+/, '')],
    ['ordinary base64', 'malformed', good.replace(/Signature=[^&]+/, 'Signature=a+b/')],
    ['parameters in reverse', 'ok', `${base}?${query.split('&').reverse().join('&')}`],
    ['parameter names in lower case', 'malformed', good.replace('Signature=', 'signature=')],
    ['a query of its own', 'ok', canned(main, `${url}?quality=720&x=`)],
    ['a query of its own, after the signature', 'ok', queryLast(canned(main, `${url}?quality=720`))],
    ['a query of its own, changed', 'bad_signature', canned(main, `${url}?quality=720`).replace('=720', '=1080')],
    ['a further parameter, canned', 'bad_signature', `${good}&x=1`],
    ['a further parameter, custom', 'ok', `${open}&x=1`],
    ['encoded dots, canned', 'bad_signature', good.replace('.m4s', '%2em4s')],
    ['encoded dots, custom', 'ok', open.replace('.m4s', '%2em4s'), ambiguous],
    [
      'up and over, encoded, custom',
      'ok',
      custom(wildcard, `${publicUrl}/${within(`%2e%2e/${otherVideo}/e/1.m4s`)}`),
      ambiguous,
    ],
    ['encoded twice, canned', 'bad_signature', good.replace('.m4s', '%252em4s')],
    ['encoded twice, custom', 'ok', open.replace('.m4s', '%252em4s'), ambiguous],
    ['other case, canned', 'bad_signature', good.replace('vid_', 'VID_')],
    ['other case, custom', 'wrong_resource', open.replace('vid_', 'VID_')],
    ['a trailing slash, canned', 'bad_signature', good.replace('.m4s?', '.m4s/?')],
    ['a trailing slash, custom', 'ok', open.replace('.m4s?', '.m4s/?'), ambiguous],
    ['* across /', 'ok', custom(`${publicUrl}/media/*/1.m4s`)],
    ['* across the whole', 'ok', custom('*')],
    ['* that matches nothing', 'ok', custom(`${url}*`)],
    ['* elsewhere', 'wrong_resource', custom(`${publicUrl}/media/${otherVideo}/*`)],
    ['? for one character', 'ok', custom(url.replace('1.m4s', '?.m4s'))],
    ['? for /', 'ok', custom(url.replace('/1.m4s', '?1.m4s'))],
    ['? for two characters', 'wrong_resource', custom(url.replace('1.m4s', '?.m4s'), url.replace('1.m4s', '12.m4s'))],
    ['? for none', 'wrong_resource', custom(url.replace('1.m4s', '1?.m4s'))],
    ['http for https, canned', 'bad_signature', canned(main, url.replace('https:', 'http:'))],
    ['http for https, custom', 'wrong_resource', custom(wildcard.replace('https:', 'http:'))],
    ['http or https', 'ok', custom(wildcard.replace('https:', 'http*:'))],
    ['another host, canned', 'bad_signature', canned(main, url.replace('kinora.test', 'evil.test'))],
    ['another host, custom', 'wrong_resource', custom(wildcard.replace('kinora.test', 'evil.test'))],
    ['nothing at all', 'unsigned', url],
    ['nothing at all, HEAD', 'unsigned', url, { method: 'HEAD' }],
    ['nothing at all, Range', 'unsigned', url, { headers: { range: 'bytes=0-1' } }],
    // Case 47: hash algorithms.
    ['Hash-Algorithm absent, SHA1', 'ok', canned(by('KFIRST', first, 'SHA1')).replace('&Hash-Algorithm=SHA1', '')],
    [
      'Hash-Algorithm SHA1',
      'ok',
      `${canned(by('KFIRST', first, 'SHA1')).replace('&Hash-Algorithm=SHA1', '')}&Hash-Algorithm=SHA1`,
    ],
    ['Hash-Algorithm absent, SHA256', 'bad_signature', good.replace('&Hash-Algorithm=SHA256', '')],
    ['Hash-Algorithm SHA1, SHA256', 'bad_signature', good.replace('Algorithm=SHA256', 'Algorithm=SHA1')],
    ['Hash-Algorithm MD5', 'wrong_algorithm', good.replace('Algorithm=SHA256', 'Algorithm=MD5')],
    ['Hash-Algorithm in lower case', 'wrong_algorithm', good.replace('Algorithm=SHA256', 'Algorithm=sha256')],
    ['Hash-Algorithm empty', 'wrong_algorithm', good.replace('Algorithm=SHA256', 'Algorithm=')],
    ['Hash-Algorithm twice', 'malformed', `${good}&Hash-Algorithm=SHA256`],
    ['a key for SHA256 alone, SHA1', 'wrong_algorithm', canned(by('KSECOND', second, 'SHA1'))],
    ['EC, SHA256', 'ok', canned(by('KEC', ec, 'SHA256'))],
    ['EC, SHA256, custom', 'ok', custom(wildcard, url, by('KEC', ec, 'SHA256'))],
    ['EC, SHA1', 'wrong_algorithm', canned(by('KEC', ec, 'SHA1'))],
    ['an EC signature under the RSA key', 'bad_signature', canned(by('KFIRST', ec, 'SHA256'))],
    ['an RSA signature under the EC key', 'bad_signature', canned(by('KEC', first, 'SHA256'))],
    ['both, query good, cookies broken', 'ok', good, cookie('CloudFront-Policy=x')],
    ['both, query broken, cookies good', 'bad_signature', bentSignature(good), cookie(cookies())],
    ['both, query half, cookies the rest', 'malformed', `${url}?Key-Pair-Id=KFIRST`, cookie(cookies())],
    // Case 48: signed cookies.
    ['cookies', 'ok', url, cookie(cookies())],
    ['cookies, HEAD', 'ok', url, cookie(cookies(), { method: 'HEAD' })],
    ['cookies, Range', 'ok', url, cookie(cookies(), { headers: { range: 'bytes=0-1' }, status: 206 })],
    ['cookies among others', 'ok', url, cookie(`theme=dark; ${cookies()}; x=y`)],
    ['cookies, SHA1', 'ok', url, cookie(cookies(wildcard, by('KFIRST', first, 'SHA1')))],
    ['cookies, EC', 'ok', url, cookie(cookies(wildcard, by('KEC', ec, 'SHA256')))],
    ['cookies, the other live key', 'ok', url, cookie(cookies(wildcard, by('KSECOND', second, 'SHA256')))],
    ['cookies of one file', 'ok', url, cookie(cannedCookies)],
    ['cookies of one file on another', 'bad_signature', url.replace('1.m4s', '2.m4s'), cookie(cannedCookies)],
    [
      'cookies without the algorithm',
      'bad_signature',
      url,
      cookie(cookies().replace(/; CloudFront-Hash-Algorithm=\w+/, '')),
    ],
    ['a cookie twice', 'malformed', url, cookie(`${cookies()}; CloudFront-Policy=x`)],
    [
      'a cookie of another policy',
      'bad_signature',
      url,
      cookie(
        cookies(`${publicUrl}/media/x/*`).replace(/Policy=[^;]+/, `Policy=${encode(Buffer.from(policyFor('*')))}`),
      ),
    ],
    ['cookies of A on a segment of B', 'wrong_resource', `${publicUrl}/${otherKey}`, cookie(cookies())],
    [
      'cookies of A on the main playlist of B',
      'wrong_resource',
      `${publicUrl}/media/${otherVideo}/e/main.m3u8`,
      cookie(cookies()),
    ],
    [
      'cookies of A on a key file of B',
      'wrong_resource',
      `${publicUrl}/media/${otherVideo}/e/keys/1.key`,
      cookie(cookies()),
    ],
    [
      'cookies of A on a video whose id starts alike',
      'wrong_resource',
      `${publicUrl}/media/${videoId}0/e/1.m4s`,
      cookie(cookies()),
    ],
    [
      'cookies of A, up and over to B',
      'ok',
      `${publicUrl}/${within(`../${otherVideo}/e/1.m4s`)}`,
      cookie(cookies(), ambiguous),
    ],
    [
      'cookies of A, up and over, encoded',
      'ok',
      `${publicUrl}/${within(`%2e%2e%2f${otherVideo}/e/1.m4s`)}`,
      cookie(cookies(), ambiguous),
    ],
    ['cookies of A, a double slash', 'ok', `${publicUrl}/${within(`/e/1.m4s`)}`, cookie(cookies(), ambiguous)],
    ['no cookies of ours', 'unsigned', url, cookie('theme=dark; CloudFrontPolicy=x')],
  ];
  const entry = (pair: { publicKey: KeyObject }, ...hash: string[]) => ({ publicKey: pem(pair.publicKey), hash });
  return {
    world: {
      publicUrl,
      ip: '127.0.0.1',
      keysJson: JSON.stringify({
        KFIRST: entry(first, 'SHA1', 'SHA256'),
        KSECOND: entry(second, 'SHA256'),
        KEC: entry(ec, 'SHA256'),
      }),
    },
    vectors: rows.map(([name, wanted, of, { headers = {}, method = 'GET', status = 200 } = {}]) => ({
      ...{ name, wanted, method, headers },
      target: of.replace(/^https?:\/\/[^/]+/, ''),
      status: wanted === 'ok' ? status : 403,
    })),
  };
}

/** The resource's own query behind the signature's parameters, where a browser's cache-buster would go. */
function queryLast(signed: string): string {
  const [base = '', query = ''] = signed.split('?');
  const [own = '', ...ours] = query.split('&');
  return `${base}?${[...ours, own].join('&')}`;
}
