import fc from 'fast-check';
import { parseGrantKeys, rotated } from './grant-keys';
import { signPathToken, verifyPathToken, type PathTokenClaims } from './path-token';
import { MAX_TOKEN_LENGTH } from './token-rules';

const secret = (fill: string): string => Buffer.alloc(32, fill).toString('base64');
const keys = parseGrantKeys(JSON.stringify({ k2: secret('b'), k1: secret('a') }));
const videoId = 'vid_01J0000000000000000000000A';
const claims: PathTokenClaims = {
  videoId,
  grantId: 'grt_01J0000000000000000000000B',
  sessionId: 'ses_01J0000000000000000000000C',
  expiresAt: 2_000_000_000,
};
const path = `/media/${videoId}/enc_1/main.m3u8`;
const now = 1_900_000_000_000;
const reason = (token: string, request: Partial<Parameters<typeof verifyPathToken>[2]> = {}, by = keys) => {
  const result = verifyPathToken(token, by, { now, path, ...request });
  return result.ok ? 'ok' : result.reason;
};

describe('path tokens', () => {
  const token = signPathToken(claims, keys);

  it('open the files of their video', () => {
    expect(verifyPathToken(token, keys, { now, path })).toEqual({
      ok: true,
      key: path.slice(1),
      videoId,
      grantId: claims.grantId,
      sessionId: claims.sessionId,
      expiresAt: claims.expiresAt,
    });
    expect(token).toMatch(/^[\w.-]+$/);
    expect(token.length).toBeLessThan(160);
  });

  it('are spelt as documented', () => {
    expect(token.split('.').slice(0, 8)).toEqual([
      '1',
      'k2',
      '01J0000000000000000000000A',
      '01J0000000000000000000000B',
      '01J0000000000000000000000C',
      'x2qxvk',
      '',
      '',
    ]);
  });

  it.each([
    [`/media/vid_01J0000000000000000000000Z/enc_1/main.m3u8`, 'out_of_scope'],
    [`/media/${videoId}/../vid_01J0000000000000000000000Z/enc_1/main.m3u8`, 'out_of_scope'],
    [`/media/${videoId}/%2e%2e/vid_01J0000000000000000000000Z/a`, 'out_of_scope'],
    [`/media/${videoId}0/enc_1/main.m3u8`, 'out_of_scope'],
    [`/media/${videoId}`, 'out_of_scope'],
    ['/store/raw/x', 'out_of_scope'],
  ])('do not open %s', (other, wanted) => {
    expect(reason(token, { path: other })).toBe(wanted);
  });

  it('end on time', () => {
    expect(reason(token, { now: 1_999_999_999_999 })).toBe('ok');
    expect(reason(token, { now: 2_000_000_000_000 })).toBe('expired');
  });

  it('outlive the rotation of their key, as long as it is known', () => {
    const rotated = parseGrantKeys(JSON.stringify({ k3: secret('c'), k2: secret('b') }));
    expect(reason(token, {}, rotated)).toBe('ok');
    expect(reason(signPathToken(claims, rotated))).toBe('unknown_key');
    expect(reason(token, {}, parseGrantKeys(JSON.stringify({ k3: secret('c') })))).toBe('unknown_key');
    expect(reason(token, {}, parseGrantKeys(JSON.stringify({ k2: secret('x') })))).toBe('bad_signature');
    expect(reason(token.replace('.k2.', '.k1.'))).toBe('bad_signature');
  });

  it('hold to their origin', () => {
    const bound = signPathToken({ ...claims, embedOrigin: 'https://Example.org' }, keys);
    expect(reason(bound, { origin: 'https://example.org' })).toBe('ok');
    expect(reason(bound, { origin: 'https://evil.test' })).toBe('wrong_origin');
    expect(reason(bound, { origin: 'https://kinora.test', ownOrigins: ['https://kinora.test'] })).toBe('ok');
    expect(reason(bound)).toBe('wrong_origin');
    expect(reason(token, { origin: 'https://anyone.test' })).toBe('ok');
  });

  it('hold to their countries', () => {
    const bound = signPathToken({ ...claims, countries: ['DE', 'FR'] }, keys);
    expect(reason(bound, { country: 'FR' })).toBe('ok');
    expect(reason(bound, { country: 'EF' })).toBe('wrong_country');
    expect(reason(bound, { country: '' })).toBe('wrong_country');
    expect(reason(bound)).toBe('wrong_country');
    expect(reason(signPathToken({ ...claims, countries: [] }, keys))).toBe('ok');
  });

  it('stay short, or are not made', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26)));
    expect(
      signPathToken({ ...claims, embedOrigin: `https://${'x'.repeat(180)}.org`, countries: many(50) }, keys).length,
    ).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
    expect(() => signPathToken({ ...claims, countries: many(120) }, keys)).toThrow(/too long/);
    expect(() => signPathToken({ ...claims, countries: ['de'] }, keys)).toThrow(/malformed/);
    expect(() => signPathToken({ ...claims, videoId: 'vid_1' }, keys)).toThrow(/malformed/);
    expect(() => signPathToken({ ...claims, grantId: claims.videoId }, keys)).toThrow(/malformed/);
    expect(() => signPathToken({ ...claims, expiresAt: 1.5 }, keys)).toThrow(/malformed/);
  });

  it('are void after any change', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABab019-_.~'), (at, char) => {
        fc.pre(token[at] !== char);
        expect(reason(token.slice(0, at) + char + token.slice(at + 1))).not.toBe('ok');
      }),
      { numRuns: 500 },
    );
    for (const changed of [
      `${token}A`,
      `${token}.`,
      token.slice(0, -1),
      ` ${token}`,
      token.toUpperCase(),
      `${token}\n`,
    ])
      expect(reason(changed)).toBe('malformed');
  });

  it('never make the verifier throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (junk, where) =>
        expect(reason(junk, { path: where })).not.toBe('ok'),
      ),
    );
  });
});

describe('grant keys', () => {
  it.each(['', '[]', '{}', 'null', '{"k1":5}', '{"k1":"c2hvcnQ="}', '{"1":"x"}', '{"bad.kid":"x"}'])(
    'refuse %s',
    (json) => {
      expect(() => parseGrantKeys(json)).toThrow(/grant key/);
    },
  );
});

describe('grant keys that are read again', () => {
  const of = (...kids: string[]) =>
    parseGrantKeys(JSON.stringify(Object.fromEntries(kids.map((kid) => [kid, secret(kid)]))));
  const after = (before: string[], read: string[]) => {
    const { signing, all } = rotated(of(...before), of(...read));
    return [signing.kid, [...all.keys()]];
  };

  it.each<[string, string[], string[], string, string[]]>([
    ['the same', ['k1'], ['k1'], 'k1', ['k1']],
    ['one that is to come', ['k1'], ['k1', 'k2'], 'k1', ['k1', 'k2']],
    ['one that is known', ['k1', 'k2'], ['k2', 'k1'], 'k2', ['k2', 'k1']],
    ['a new first one waits for the next reading', ['k1'], ['k2', 'k1'], 'k1', ['k2', 'k1']],
    ['unless the old one is gone', ['k1'], ['k2'], 'k2', ['k2']],
    ['an old one that is gone', ['k2', 'k1'], ['k2'], 'k2', ['k2']],
  ])('%s', (_, before, read, signs, verify) => {
    expect(after(before, read)).toEqual([signs, verify]);
  });

  it('sign by a new first key from the second reading on', () => {
    const read = of('k2', 'k1');
    expect(rotated(rotated(of('k1'), read), read).signing.kid).toBe('k2');
  });
});
