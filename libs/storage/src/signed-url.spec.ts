import fc from 'fast-check';
import { signStoreUrl, type StoreUrlClaims, verifyStoreUrl } from './signed-url';

const key = 'a signing key of thirty-two characters or more';
const put: StoreUrlClaims = {
  store: 'staging',
  method: 'PUT',
  key: 'uploads/upl_1/source',
  multipartId: 'abc',
  partNumber: 3,
  size: 99,
  expires: 2_000,
  checksum: { algorithm: 'sha256', value: 'YWJj/+8=' },
};
const get: StoreUrlClaims = {
  store: 'raw',
  method: 'GET',
  key: 'sources/vid_1/upl_1',
  expires: 2_000,
  disposition: 'attachment; filename="ä & b"',
};
const targetOf = (url: string): string => url.replace('https://kinora.test', '');
const target = (claims: StoreUrlClaims): string => targetOf(signStoreUrl('https://kinora.test/', claims, key));

describe('signed store URLs', () => {
  it.each([put, get])('come back as what was signed ($method)', (claims) => {
    expect(verifyStoreUrl({ method: claims.method, target: target(claims) }, key, 1_999_999)).toEqual({
      ok: true,
      claims,
    });
  });

  it('end at the second they name', () => {
    expect(verifyStoreUrl({ method: 'PUT', target: target(put) }, key, 2_000_000)).toEqual({
      ok: false,
      reason: 'expired',
    });
  });

  it('read and head alike, but never write', () => {
    expect(verifyStoreUrl({ method: 'HEAD', target: target(get) }, key, 0).ok).toBe(true);
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH', ''])
      expect(verifyStoreUrl({ method, target: target(get) }, key, 0).ok).toBe(false);
    expect(verifyStoreUrl({ method: 'GET', target: target(put) }, key, 0).ok).toBe(false);
  });

  it.each([
    ['another store', (t: string) => t.replace('/staging/', '/raw/')],
    ['another key', (t: string) => t.replace('upl_1', 'upl_2')],
    ['traversal', (t: string) => t.replace('upl_1', '..')],
    ['encoded traversal', (t: string) => t.replace('upl_1', '%2e%2e')],
    ['a parameter twice', (t: string) => t.replace('part=3', 'part=3&part=3')],
    ['an unknown parameter', (t: string) => `${t}&x=1`],
    ['a parameter less', (t: string) => t.replace(/&checksum=[^&]+/, '')],
    ['another size', (t: string) => t.replace('size=99', 'size=98')],
    ['a size spelt otherwise', (t: string) => t.replace('size=99', 'size=+99')],
    ['another checksum', (t: string) => t.replace('sha256', 'crc32')],
    ['a fragment', (t: string) => `${t}#x`],
    ['no query', (t: string) => t.replace(/\?.*/, '')],
  ])('refuse %s', (_, change) => {
    const changed = change(target(put));
    expect(changed).not.toBe(target(put));
    expect(verifyStoreUrl({ method: 'PUT', target: changed }, key, 0)).toEqual({ ok: false, reason: 'invalid' });
  });

  it('refuse another key, and are not signed with a short one', () => {
    expect(verifyStoreUrl({ method: 'PUT', target: target(put) }, `${key}!`, 0).ok).toBe(false);
    expect(() => signStoreUrl('https://kinora.test', put, 'short')).toThrow(/signing key/);
  });

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (rest) => {
        expect(verifyStoreUrl({ method: 'PUT', target: `/store/staging/${rest}` }, key, 0).ok).toBe(false);
        expect(verifyStoreUrl({ method: 'GET', target: rest }, key, 0).ok).toBe(false);
      }),
    );
  });

  it('refuse any single changed character', () => {
    const right = target(get);
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.constantFrom(...'abz019-_%&=?/. '), (at, char) => {
        fc.pre(right[at] !== char);
        const changed = right.slice(0, at) + char + right.slice(at + 1);
        // A space, a "+" and "%20" are one character in a query: the same claims, so no change.
        fc.pre(new URLSearchParams(changed).toString() !== new URLSearchParams(right).toString());
        expect(verifyStoreUrl({ method: 'GET', target: changed }, key, 0).ok).toBe(false);
      }),
    );
  });
});
