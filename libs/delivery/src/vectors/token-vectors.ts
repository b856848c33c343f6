import { type GrantKeys, parseGrantKeys } from '../grant/grant-keys';
import { signPathToken, type PathTokenClaims } from '../grant/path-token';
import { type PathTokenRefusal } from '../grant/token-rules';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID of a moment; `tail` is one character of its random part, which tells two of one moment apart. */
const idAt = (prefix: string, ms: number, tail: string): string => {
  const time = Array.from({ length: 10 }, (_, i) => ALPHABET[Math.floor(ms / 32 ** (9 - i)) % 32]).join('');
  return `${prefix}_${time}${tail.repeat(16)}`;
};

/** An object that there is, and the time. */
export interface Published {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly videoId: string;
  /** Key of an object of the video. */
  readonly key: string;
}

/** What whoever decides must know beforehand. */
export interface TokenWorld {
  /** `GRANT_KEYS`: two keys are live, and tokens of either hold. */
  readonly grantKeysJson: string;
  readonly ownOrigin: string;
  readonly revokedGrants: readonly { readonly grantId: string; readonly expiresAt: number }[];
  /** Times in epoch milliseconds. */
  readonly revokedVideos: readonly {
    readonly videoId: string;
    readonly issuedUntil: number;
    readonly expiresAt: number;
  }[];
}

export interface TokenVector {
  readonly name: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `ok`: the object is served. Otherwise 403. */
  readonly wanted: 'ok' | PathTokenRefusal | 'revoked';
}

const secret = (fill: string): string => Buffer.alloc(32, fill).toString('base64');
const keysOf = (keys: Record<string, string>): { json: string; keys: GrantKeys } => {
  const json = JSON.stringify(keys);
  return { json, keys: parseGrantKeys(json) };
};

/** The table for path tokens. */
export function tokenVectors({ now, videoId, key }: Published): { world: TokenWorld; vectors: TokenVector[] } {
  const live = keysOf({ k2: secret('b'), k1: secret('a') });
  const older = keysOf({ k1: secret('a') }).keys;
  const retired = keysOf({ k0: secret('0') }).keys;
  const forged = keysOf({ k2: secret('x') }).keys;
  const ownOrigin = 'https://kinora.test';
  const seconds = Math.floor(now / 1000);
  const HOUR = 3_600_000;

  const good: PathTokenClaims = {
    videoId,
    grantId: idAt('grt', now - 5_000, 'A'),
    sessionId: idAt('ses', now - 5_000, 'S'),
    expiresAt: seconds + 3600,
  };
  const token = signPathToken(good, live.keys);
  const revoked = { ...good, grantId: idAt('grt', now - 5_000, 'R') };
  const takenVideo = idAt('vid', now, 'T');
  const otherVideo = idAt('vid', now, 'Z');
  const taken = { ...good, videoId: takenVideo };
  const takenKey = key.replace(videoId, takenVideo);
  const bound = signPathToken({ ...good, embedOrigin: 'https://Blog.example' }, live.keys);
  const ported = signPathToken({ ...good, embedOrigin: 'https://blog.example:8443' }, live.keys);
  const national = signPathToken({ ...good, countries: ['DE', 'FR'] }, live.keys);
  const both = signPathToken({ ...good, embedOrigin: 'https://blog.example', countries: ['DE'] }, live.keys);

  const at = (by: string, path = key): string => `/t/${by}/${path}`;
  const from = (headers: Record<string, string>) => headers;
  const german = { 'cloudfront-viewer-country': 'DE' };
  const rows: [string, TokenVector['wanted'], string, Record<string, string>?][] = [
    ['a good token', 'ok', at(token)],
    ['with a query, which is nothing to it', 'ok', `${at(token)}?_HLS_msn=3&x=%2e%2e`],
    ['on a page of anyone', 'ok', at(token), from({ origin: 'https://anyone.example' })],
    ['by the older of the live keys', 'ok', at(signPathToken(good, older))],
    ['by a key that is gone', 'unknown_key', at(signPathToken(good, retired))],
    ['by a stranger with our key id', 'bad_signature', at(signPathToken(good, forged))],
    ['under the other key id', 'bad_signature', at(token.replace('1.k2.', '1.k1.'))],
    ['a key id of the prototype', 'unknown_key', at(token.replace('1.k2.', '1.__proto__.'))],
    ['a key id that reaches into the store', 'malformed', at(token.replace('1.k2.', '1.grant.x.'))],
    ['another spelling of the same signature', 'bad_signature', at(respelt(token))],
    ['a flipped bit in the payload', 'bad_signature', at(flipped(token, 10))],
    ['a flipped bit in the signature', 'bad_signature', at(flipped(token, token.length - 20))],
    ['a later expiry', 'bad_signature', at(token.replace(good.expiresAt.toString(36), (seconds + 7200).toString(36)))],
    ['another version', 'malformed', at(`2${token.slice(1)}`)],
    ['in capitals', 'malformed', at(token.toUpperCase())],
    ['cut short', 'malformed', at(token.slice(0, -1))],
    ['with something behind it', 'malformed', at(`${token}.x`)],
    ['percent-encoded', 'malformed', at(token.replaceAll('.', '%2e'))],
    ['longer than any token', 'malformed', at(`${token}${'A'.repeat(200)}`)],
    ['no token', 'malformed', `/t//${key}`],
    ['nothing after the token', 'out_of_scope', `/t/${token}`],
    ['expired by one second', 'expired', at(signPathToken({ ...good, expiresAt: seconds - 1 }, live.keys))],
    [
      'expired, and of another video',
      'expired',
      at(signPathToken({ ...good, expiresAt: 1 }, live.keys), `media/${otherVideo}/e/x.m4s`),
    ],
    ['another video', 'out_of_scope', at(token, key.replace(videoId, otherVideo))],
    ['a video whose id starts alike', 'out_of_scope', at(token, key.replace(videoId, `${videoId}0`))],
    ['the video itself', 'out_of_scope', at(token, `media/${videoId}`)],
    ['its folder', 'out_of_scope', at(token, `media/${videoId}/`)],
    ['a trailing slash', 'out_of_scope', `${at(token)}/`],
    ['other case', 'out_of_scope', at(token, key.replace('media/', 'Media/'))],
    ['another root', 'out_of_scope', at(token, key.replace('media/', 'store/'))],
    ['two slashes', 'out_of_scope', at(token, `/${key}`)],
    ['up and over', 'out_of_scope', at(token, `media/${videoId}/../${otherVideo}/e/x.m4s`)],
    ['up and over, encoded', 'out_of_scope', at(token, `media/${videoId}/%2e%2e/${otherVideo}/e/x.m4s`)],
    ['up and over, encoded twice', 'out_of_scope', at(token, `media/${videoId}/%252e%252e/${otherVideo}/e/x.m4s`)],
    ['an encoded slash', 'out_of_scope', at(token, `media/${videoId}/..%2f${otherVideo}/e/x.m4s`)],
    ['a backslash', 'out_of_scope', at(token, `media/${videoId}/..\\${otherVideo}\\x.m4s`)],
    ['a token within a token', 'out_of_scope', `/t/${token}${at(token)}`],
    ['bound to a page: its origin', 'ok', at(bound), from({ origin: 'https://blog.example' })],
    ['bound to a page: its referer', 'ok', at(bound), from({ referer: 'https://blog.example/post?x#y' })],
    ['bound to a page: its bare referer', 'ok', at(bound), from({ referer: 'https://BLOG.example:443' })],
    ['bound to a page: ours', 'ok', at(bound), from({ origin: ownOrigin })],
    ['bound to a page: another', 'wrong_origin', at(bound), from({ origin: 'https://evil.example' })],
    ['bound to a page: no page', 'wrong_origin', at(bound)],
    [
      'bound to a page: a sandbox',
      'wrong_origin',
      at(bound),
      from({ origin: 'null', referer: 'https://blog.example/' }),
    ],
    [
      'bound to a page: the origin outdoes the referer',
      'wrong_origin',
      at(bound),
      from({ origin: 'https://evil.example', referer: 'https://blog.example/' }),
    ],
    ['bound to a page: http', 'wrong_origin', at(bound), from({ origin: 'http://blog.example' })],
    ['bound to a page: another port', 'wrong_origin', at(bound), from({ referer: 'https://blog.example:8443/' })],
    [
      'bound to a page: a name that ends alike',
      'wrong_origin',
      at(bound),
      from({ referer: 'https://evil-blog.example/' }),
    ],
    [
      'bound to a page: a name that starts alike',
      'wrong_origin',
      at(bound),
      from({ referer: 'https://blog.example.evil.test/' }),
    ],
    [
      'bound to a page: its name as a user',
      'wrong_origin',
      at(bound),
      from({ referer: 'https://blog.example@evil.example/' }),
    ],
    ['bound to a page: nonsense', 'wrong_origin', at(bound), from({ referer: 'nonsense' })],
    ['bound to a port: it', 'ok', at(ported), from({ referer: 'https://blog.example:8443/post' })],
    ['bound to a port: the default one', 'wrong_origin', at(ported), from({ referer: 'https://blog.example/post' })],
    ['bound to countries: the first', 'ok', at(national), german],
    ['bound to countries: the second', 'ok', at(national), from({ 'cloudfront-viewer-country': 'FR' })],
    ['bound to countries: another', 'wrong_country', at(national), from({ 'cloudfront-viewer-country': 'GB' })],
    ['bound to countries: letters of two', 'wrong_country', at(national), from({ 'cloudfront-viewer-country': 'EF' })],
    ['bound to countries: nobody knows', 'wrong_country', at(national)],
    ['bound to both, both right', 'ok', at(both), from({ origin: 'https://blog.example', ...german })],
    ['bound to both, wrong country', 'wrong_country', at(both), from({ origin: 'https://blog.example' })],
    ['bound to both, wrong page', 'wrong_origin', at(both), german],
    ['a revoked grant', 'revoked', at(signPathToken(revoked, live.keys))],
    [
      'a revoked grant that has ended, too',
      'expired',
      at(signPathToken({ ...revoked, expiresAt: seconds - 1 }, live.keys)),
    ],
    ['a video all of whose grants were revoked since', 'revoked', at(signPathToken(taken, live.keys), takenKey)],
  ];
  return {
    world: {
      grantKeysJson: live.json,
      ownOrigin,
      revokedGrants: [{ grantId: revoked.grantId, expiresAt: revoked.expiresAt * 1000 }],
      revokedVideos: [
        { videoId: takenVideo, issuedUntil: now - 4_000, expiresAt: now + HOUR },
        // Grants that came after aren't meant.
        { videoId, issuedUntil: now - 6_000, expiresAt: now + HOUR },
      ],
    },
    vectors: rows.map(([name, wanted, target, headers = {}]) => ({ name, wanted, target, headers })),
  };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The last of 43 characters carries four bits and two that are nothing: here they are not zero. */
const respelt = (token: string): string =>
  token.slice(0, -1) + (BASE64URL[BASE64URL.indexOf(token.slice(-1)) + 1] ?? '');
/** One character is another of its kind. */
const flipped = (token: string, index: number): string =>
  token.slice(0, index) + (token[index] === 'B' ? 'C' : 'B') + token.slice(index + 1);
