/**
 * The viewer-request function of CloudFront: `edge`'s decision, made there. `nx build delivery` bundles it.
 *
 * Its runtime (cloudfront-js-2.0) is ECMAScript 5.1 with `const`, `let`, arrows, templates and `async`, and has no
 * destructuring, spread, `for…of`, classes, default arguments, `URL`, `Map` or `timingSafeEqual`. `await` stands in
 * statements of its own inside declared functions: not in arguments, not in closures. The bundler refuses what it can't
 * turn into that, and the tests run the bundle in a realm that has no more than this.
 */
import cf from 'cloudfront';
import crypto from 'crypto';
import { issuedAtOf, timesOfPolicy } from '../../grant/grant-times';
import { readToken, refusalOfToken, splitTokenPath } from '../../grant/token-rules';
import { originShown } from '../../http/origin';
import { normaliseMediaPath } from '../../media-path';
import { keyValue } from '../key-values';
import { forbidden, preflight } from './answers';
import { type Value, type ViewerEvent, type ViewerRequest, type ViewerResponse } from './event';

const store = cf.kvs();

const tools = {
  equal: (a: string, b: string): boolean => {
    let difference = a.length ^ b.length;
    for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
    return difference === 0;
  },
  hashOrigin: (origin: string): string =>
    crypto.createHash('sha256').update(origin).digest().subarray(0, 16).toString('base64url'),
};

/** A header as Node reads it: one that came twice is no origin and no country. */
function headerOf(request: ViewerRequest, name: string): string | undefined {
  const header: Value | undefined = request.headers[name];
  if (!header) return undefined;
  return header.multiValue && header.multiValue.length > 1
    ? header.multiValue.map((one) => one.value).join(', ')
    : header.value;
}

/** A key that can't be read is unknown. */
async function secretOf(kid: string): Promise<string | undefined> {
  try {
    const secret = await store.get(keyValue.key(kid));
    return secret;
  } catch {
    return undefined;
  }
}

async function ownOrigins(): Promise<string[]> {
  const known = await store.exists(keyValue.own);
  if (!known) return [];
  const list = await store.get(keyValue.own);
  return list.split(' ');
}

/** Were all grants of the video taken back that were issued until then? A store that fails makes the request fail. */
async function videoRevoked(videoId: string, issuedAt: number): Promise<boolean> {
  const name = keyValue.video(videoId);
  const known = await store.exists(name);
  if (!known) return false;
  const until = await store.get(name);
  return issuedAt <= parseInt(until, 10);
}

/** Why the token in the path doesn't open what follows it. Empty if it does, and then the token is gone from the path. */
async function refusalByToken(request: ViewerRequest): Promise<string> {
  const path = splitTokenPath(request.uri);
  const token = readToken(path.token);
  if (!token) return 'malformed';
  const secret = await secretOf(token.kid);
  if (secret === undefined) return 'unknown_key';
  const right = crypto.createHmac('sha256', Buffer.from(secret, 'base64')).update(token.payload).digest('base64url');
  let own: string[] = [];
  if (token.origin !== '') own = await ownOrigins();
  const asked = {
    now: Date.now(),
    path: path.rest,
    origin: originShown(headerOf(request, 'origin'), headerOf(request, 'referer')),
    ownOrigins: own,
    country: headerOf(request, 'cloudfront-viewer-country'),
  };
  const reason = refusalOfToken(token, right, asked, tools);
  if (reason) return reason;
  const grantRevoked = await store.exists(keyValue.grant(token.grantId));
  if (grantRevoked) return 'revoked';
  const allRevoked = await videoRevoked(token.videoId, issuedAtOf(token.grantId));
  if (allRevoked) return 'revoked';
  request.uri = path.rest;
  return '';
}

/** Policies are ours: CloudFront has verified that one of our keys signed this one. */
interface SignedPolicy {
  Statement: [{ Condition: { DateLessThan: Time; DateGreaterThan?: Time } }];
}
interface Time {
  'AWS:EpochTime': number;
}

/** When the grant of a signed URL or cookie was issued and ends; undefined where its policy can't be seen or doesn't say. */
function timesOf(request: ViewerRequest): ReturnType<typeof timesOfPolicy> {
  const policy = request.querystring['Policy'] || request.cookies['CloudFront-Policy'];
  if (!policy) return undefined;
  try {
    const base64 = policy.value.replace(/-/g, '+').replace(/_/g, '=').replace(/~/g, '/');
    const signed = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as SignedPolicy;
    const condition = signed.Statement[0].Condition;
    const start = condition.DateGreaterThan;
    return timesOfPolicy(start ? start['AWS:EpochTime'] : undefined, condition.DateLessThan['AWS:EpochTime']);
  } catch {
    return undefined;
  }
}

/** CloudFront has verified the signature (the behaviour of `/media/*` has a trusted key group); it knows no revocations. */
async function refusalBySignature(request: ViewerRequest): Promise<string> {
  const media = normaliseMediaPath(request.uri);
  if (!media) return 'out_of_scope';
  const times = timesOf(request);
  const allRevoked = await videoRevoked(media.videoId, times ? times.issuedAt : 0);
  if (allRevoked) return 'revoked';
  if (!times) return '';
  const revoked = await store.exists(keyValue.times(times.fingerprint));
  return revoked ? 'revoked' : '';
}

/** The request without token and query, so that all viewers share a cache entry; or an answer that refuses it. */
export async function handler(event: ViewerEvent): Promise<ViewerRequest | ViewerResponse> {
  const request = event.request;
  let reason = '';
  if (request.method !== 'OPTIONS') {
    if (request.uri.slice(0, 3) === '/t/') reason = await refusalByToken(request);
    else reason = await refusalBySignature(request);
    if (reason === '') {
      request.querystring = {};
      return request;
    }
  }
  const origin = headerOf(request, 'origin');
  let own: string[] = [];
  if (origin !== undefined) own = await ownOrigins();
  return reason === '' ? preflight(origin, own) : forbidden(event, reason, origin, own);
}
