import { type KeyObject, createSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { encode } from './base64';
import { matchesIp, matchesResource, parsePolicy, type Policy, policyJson } from './policy';
import { SignatureCache } from './signature-cache';
import { signCookies, signingKey, signUrl } from './sign';
import { type HashAlgorithm, parseVerificationKeys } from './verification-keys';
import { verifySignedCookies, verifySignedUrl } from './verify';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
const keys = parseVerificationKeys(
  JSON.stringify({
    KRSA: { publicKey: pem(rsa.publicKey), hash: ['SHA1', 'SHA256'] },
    KRSA256: { publicKey: pem(rsa.publicKey), hash: ['SHA256'] },
    KEC: { publicKey: pem(ec.publicKey), hash: ['SHA256'] },
  }),
);
const signer = (keyId: string, hash: HashAlgorithm = 'SHA1', pair = rsa) =>
  signingKey(keyId, pem(pair.privateKey), hash);
const url = 'https://kinora.test/media/vid_A/enc_1/main.m3u8';
const resource = 'https://kinora.test/media/vid_A/*';
const end = 2_000_000_000;
const now = (end - 100) * 1000;
const urlReason = (signed: string, request: { now?: number; ip?: string } = {}, cache?: SignatureCache) => {
  const result = verifySignedUrl({ url: signed, now, ...request }, keys, cache);
  return result.ok ? 'ok' : result.reason;
};
const cookieReason = (
  cookies: Record<string, string | string[]>,
  at = url,
  request: { now?: number; ip?: string } = {},
  cache?: SignatureCache,
) => {
  const all = new Map(Object.entries(cookies).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
  const result = verifySignedCookies(all, { url: at, now, ...request }, keys, cache);
  return result.ok ? 'ok' : result.reason;
};

describe('signed URLs (case 46)', () => {
  const canned = signUrl(url, { dateLessThan: end }, signer('KRSA'));
  const custom = signUrl(
    url,
    { resource, dateLessThan: end, dateGreaterThan: end - 1000, sourceIp: '192.0.2.0/24' },
    signer('KRSA'),
  );
  const ip = '192.0.2.77';

  it('are canned or custom', () => {
    expect(canned).toMatch(/\?Expires=2000000000&Signature=[A-Za-z0-9~_-]+&Key-Pair-Id=KRSA$/);
    expect(custom).toMatch(/\?Policy=[^&]+&Signature=[^&]+&Key-Pair-Id=KRSA$/);
    expect([urlReason(canned), urlReason(custom, { ip })]).toEqual(['ok', 'ok']);
  });

  it.each<[string, string, { now?: number; ip?: string }, string]>([
    ['a second before the end', canned, { now: end * 1000 - 1 }, 'ok'],
    ['at the end', canned, { now: end * 1000 }, 'expired'],
    ['expired by one second', custom, { now: (end + 1) * 1000, ip }, 'expired'],
    ['not yet valid', custom, { now: (end - 1001) * 1000, ip }, 'not_yet'],
    ['at the start', custom, { now: (end - 1000) * 1000, ip }, 'ok'],
    ['another address', custom, { ip: '192.0.3.1' }, 'wrong_ip'],
    ['no address', custom, {}, 'wrong_ip'],
    ['an IPv4 address in IPv6', custom, { ip: '::ffff:192.0.2.1' }, 'ok'],
    ['an IPv6 address', custom, { ip: '2001:db8::1' }, 'wrong_ip'],
    ['another file, canned', canned.replace('main', 'other'), {}, 'bad_signature'],
    ['another file, custom wildcard', custom.replace('main', 'other'), { ip }, 'ok'],
    ['another video, custom wildcard', custom.replace('vid_A', 'vid_B'), { ip }, 'wrong_resource'],
    ['http for https', canned.replace('https:', 'http:'), {}, 'bad_signature'],
    ['another host', canned.replace('kinora.test', 'evil.test'), {}, 'bad_signature'],
    ['other case', canned.replace('vid_A', 'VID_A'), {}, 'bad_signature'],
    ['a trailing slash', canned.replace('m3u8', 'm3u8/'), {}, 'bad_signature'],
    ['an encoded dot', canned.replace('main.m3u8', 'main%2em3u8'), {}, 'bad_signature'],
    ['a double-encoded dot', canned.replace('main.m3u8', 'main%252em3u8'), {}, 'bad_signature'],
    ['a further parameter, canned', `${canned}&x=1`, {}, 'bad_signature'],
    ['a further parameter, custom', `${custom}&x=1`, { ip }, 'ok'],
    ['a later expiry', canned.replace('2000000000', '2000000001'), {}, 'bad_signature'],
    ['an expiry spelt otherwise', canned.replace('=2000000000', '=02000000000'), {}, 'malformed'],
    ['another key id', canned.replace('KRSA', 'KNONE'), {}, 'unknown_key'],
    ['a key id of the prototype', canned.replace('KRSA', '__proto__'), {}, 'unknown_key'],
    ['a parameter twice', `${canned}&Expires=2000000000`, {}, 'malformed'],
    ['both policy and expiry', `${custom}&Expires=2000000000`, { ip }, 'malformed'],
    ['no signature', canned.replace(/&Signature=[^&]+/, ''), {}, 'malformed'],
    ['no key id', canned.replace(/&Key-Pair-Id=.*/, ''), {}, 'malformed'],
    ['an empty signature', canned.replace(/Signature=[^&]+/, 'Signature='), {}, 'malformed'],
    ['ordinary base64', canned.replace(/Signature=[^&]+/, 'Signature=a+b/'), {}, 'malformed'],
    ['nothing at all', url, {}, 'unsigned'],
  ])('%s', (_, signed, request, wanted) => {
    expect(urlReason(signed, request)).toBe(wanted);
  });

  it('do not care about the order of the parameters', () => {
    const [base = '', query = ''] = canned.split('?');
    expect(urlReason(`${base}?${query.split('&').reverse().join('&')}`)).toBe('ok');
  });

  it('keep a query of the resource', () => {
    const signed = signUrl(`${url}?quality=720&x=`, { dateLessThan: end }, signer('KRSA'));
    expect(urlReason(signed)).toBe('ok');
    expect(urlReason(signed.replace('720', '1080'))).toBe('bad_signature');
  });

  it('are void after any changed bit of policy or signature', () => {
    const start = custom.indexOf('Policy=') + 7;
    const stop = custom.indexOf('&Key-Pair-Id');
    fc.assert(
      fc.property(fc.integer({ min: start, max: stop - 1 }), fc.constantFrom(...'Ab0-~_'), (at, char) => {
        fc.pre(custom[at] !== char && custom[at] !== '&' && custom[at] !== '=');
        expect(urlReason(custom.slice(0, at) + char + custom.slice(at + 1), { ip })).not.toBe('ok');
      }),
      { numRuns: 300 },
    );
  });

  it('of a stranger with our key id are refused', () => {
    expect(urlReason(signUrl(url, { dateLessThan: end }, signer('KRSA', 'SHA1', stranger)))).toBe('bad_signature');
  });
});

describe('hash algorithms (case 47)', () => {
  const by = (keyId: string, hash: HashAlgorithm, pair = rsa) =>
    signUrl(url, { dateLessThan: end }, signer(keyId, hash, pair));
  it.each([
    ['RSA, SHA1, not named', by('KRSA', 'SHA1'), 'ok'],
    ['RSA, SHA1, named', `${by('KRSA', 'SHA1')}&Hash-Algorithm=SHA1`, 'ok'],
    ['RSA, SHA256', by('KRSA', 'SHA256'), 'ok'],
    ['SHA256 not named, so SHA1', by('KRSA', 'SHA256').replace('&Hash-Algorithm=SHA256', ''), 'bad_signature'],
    ['SHA1 named SHA256: no falling back', `${by('KRSA', 'SHA1')}&Hash-Algorithm=SHA256`, 'bad_signature'],
    ['a key for SHA256 alone, SHA1', by('KRSA256', 'SHA1'), 'wrong_algorithm'],
    ['a key for SHA256 alone, SHA256', by('KRSA256', 'SHA256'), 'ok'],
    ['MD5', `${by('KRSA', 'SHA1')}&Hash-Algorithm=MD5`, 'wrong_algorithm'],
    ['an empty name', `${by('KRSA', 'SHA1')}&Hash-Algorithm=`, 'wrong_algorithm'],
    ['other case', by('KRSA', 'SHA256').replace('=SHA256', '=sha256'), 'wrong_algorithm'],
    ['twice', `${by('KRSA', 'SHA256')}&Hash-Algorithm=SHA256`, 'malformed'],
    ['EC, SHA256', by('KEC', 'SHA256', ec), 'ok'],
    ['EC, SHA1, not allowed for the key', by('KEC', 'SHA1', ec), 'wrong_algorithm'],
    ['EC signature under the RSA key', by('KRSA', 'SHA256', ec), 'bad_signature'],
    ['RSA signature under the EC key', by('KEC', 'SHA256', rsa), 'bad_signature'],
  ])('%s', (_, signed, wanted) => {
    expect(urlReason(signed)).toBe(wanted);
  });

  it('are refused in a key policy unless they are known', () => {
    const of = (value: unknown) => () => parseVerificationKeys(JSON.stringify({ K: value }));
    expect(of({ publicKey: pem(rsa.publicKey), hash: ['MD5'] })).toThrow(/hash/);
    expect(of({ publicKey: pem(rsa.publicKey), hash: [] })).toThrow(/hash/);
    expect(of({ hash: ['SHA1'] })).toThrow(/publicKey/);
    expect(of(null)).toThrow(/publicKey/);
    expect(of({ publicKey: pem(generateKeyPairSync('ed25519').publicKey), hash: ['SHA256'] })).toThrow(/neither/);
  });
});

describe('signed cookies (case 48)', () => {
  const cookies = signCookies({ resource, dateLessThan: end }, signer('KRSA', 'SHA256'));
  it.each<[string, Record<string, string | string[]>, string, string]>([
    ['a segment of the video', cookies, url, 'ok'],
    ['with a query', cookies, `${url}?_HLS_msn=3`, 'ok'],
    ['another video', cookies, url.replace('vid_A', 'vid_B'), 'wrong_resource'],
    ['a video whose id starts alike', cookies, url.replace('vid_A', 'vid_AB'), 'wrong_resource'],
    ['another scheme', cookies, url.replace('https', 'http'), 'wrong_resource'],
    [
      'a cookie twice',
      { ...cookies, 'CloudFront-Policy': [cookies['CloudFront-Policy'] ?? '', 'x'] },
      url,
      'malformed',
    ],
    ['without the algorithm', { ...cookies, 'CloudFront-Hash-Algorithm': [] }, url, 'bad_signature'],
    ['none', {}, url, 'unsigned'],
  ])('%s', (_, given, at, wanted) => {
    expect(cookieReason(given, at)).toBe(wanted);
  });

  it('are canned for a single file', () => {
    const canned = signCookies({ resource: url, dateLessThan: end }, signer('KRSA'));
    expect(Object.keys(canned)).toEqual(['CloudFront-Expires', 'CloudFront-Signature', 'CloudFront-Key-Pair-Id']);
    expect([cookieReason(canned), cookieReason(canned, `${url}x`)]).toEqual(['ok', 'bad_signature']);
  });
});

describe('the cache of results', () => {
  const signed = signUrl(
    url,
    { resource, dateLessThan: end, dateGreaterThan: end - 1000, sourceIp: '192.0.2.0/24' },
    signer('KRSA'),
  );
  const ip = '192.0.2.1';

  it('spares the verification and nothing else', () => {
    const cache = new SignatureCache();
    expect(urlReason(signed, { ip }, cache)).toBe('ok');
    expect(cache.size).toBe(1);
    expect(urlReason(signed, { ip }, cache)).toBe('ok');
    expect(urlReason(signed, { ip, now: end * 1000 }, cache)).toBe('expired');
    expect(urlReason(signed, { ip, now: (end - 2000) * 1000 }, cache)).toBe('not_yet');
    expect(urlReason(signed, { ip: '10.0.0.1' }, cache)).toBe('wrong_ip');
    expect(urlReason(signed.replace('vid_A', 'vid_B'), { ip }, cache)).toBe('wrong_resource');
    expect(urlReason(signed.replace('KRSA', 'KRSA256'), { ip }, cache)).toBe('wrong_algorithm');
    expect(urlReason(`${signed}&Hash-Algorithm=SHA256`, { ip }, cache)).toBe('bad_signature');
    expect(cache.size).toBe(1);
  });

  it('keeps no failures, and no more than its capacity', () => {
    const cache = new SignatureCache(2);
    expect(urlReason(signUrl(url, { dateLessThan: end }, signer('KRSA', 'SHA1', stranger)), {}, cache)).toBe(
      'bad_signature',
    );
    expect(cache.size).toBe(0);
    const policy: Policy = { resource, dateLessThan: end };
    cache.set('a', policy);
    cache.set('b', policy);
    cache.get('a');
    cache.set('c', policy);
    expect([cache.size, cache.get('a'), cache.get('b')]).toEqual([2, policy, undefined]);
  });
});

describe('policies', () => {
  it.each([
    ['https://h/a/*', 'https://h/a/b/c?d=e', true],
    ['https://h/a/*', 'https://h/a/', true],
    ['https://h/a/*', 'https://h/a', false],
    ['http*://h/*.m4s', 'https://h/v/1.m4s', true],
    ['https://h/?.m4s', 'https://h/1.m4s', true],
    ['https://h/?.m4s', 'https://h/12.m4s', false],
    ['https://h/?.m4s', 'https://h/.m4s', false],
    ['https://h/a?b=*', 'https://h/a?b=c', true],
    ['*', 'anything', true],
    ['https://h/a.b', 'https://h/aXb', false],
    ['https://h/[a-z]', 'https://h/a', false],
    ['a*b*c', 'aXXbXXbXXc', true],
    ['a*b*c', 'aXXbXXd', false],
  ])('%s matches %s: %s', (pattern, text, wanted) => {
    expect(matchesResource(pattern, text)).toBe(wanted);
  });

  it('match as a regular expression would', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab*?') }),
        fc.string({ unit: fc.constantFrom(...'ab?') }),
        (pattern, text) => {
          const regex = new RegExp(
            `^${pattern.replace(/\*+/g, '*').replace(/[*?]/g, (c) => (c === '*' ? '.*' : '.'))}$`,
          );
          expect(matchesResource(pattern, text)).toBe(regex.test(text));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['128.0.0.0/1', '255.0.0.1', true],
    ['10.0.0.0/33', '10.0.0.1', false],
    ['10.0.0.0/8/8', '10.0.0.1', false],
    ['10.0.0/8', '10.0.0.1', false],
    ['010.0.0.1', '10.0.0.1', false],
    ['10.0.0.1', '0x0a.0.0.1', false],
  ])('%s holds %s: %s', (block, address, wanted) => {
    expect(matchesIp(block, address)).toBe(wanted);
  });

  it.each([
    'x',
    'null',
    '[]',
    '{}',
    '{"Statement":[]}',
    '{"Statement":[{"Resource":"*"}]}',
    '{"Statement":[{"Resource":"*","Condition":{}}]}',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
    '{"Statement":[{"Resource":5,"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":"1"}}}]}',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":-1}}}]}',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"Unknown":{}}}]}',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:Other":"1.2.3.4"}}}]}',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":null}}]}',
    '{"Statement":[{"Effect":"Deny","Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
    '{"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":1}}},{"Resource":"b","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]}',
  ])('%s is none', (text) => {
    expect(parsePolicy(text)).toBeUndefined();
  });

  it('that are signed but not understood are refused', () => {
    const text =
      '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":2000000000},"Weather":{"is":"fine"}}}]}';
    const signature = encode(createSign('RSA-SHA1').update(text).sign(rsa.privateKey));
    expect(urlReason(`${url}?Policy=${encode(Buffer.from(text))}&Signature=${signature}&Key-Pair-Id=KRSA`)).toBe(
      'malformed',
    );
  });

  it('come back from their JSON', () => {
    const policy: Policy = { resource, dateLessThan: 5, dateGreaterThan: 1, sourceIp: '192.0.2.0/24' };
    expect(parsePolicy(policyJson(policy))).toEqual(policy);
  });
});
