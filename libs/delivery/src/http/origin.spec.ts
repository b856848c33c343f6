import fc from 'fast-check';
import { originShown } from './origin';

describe('the origin that a request shows', () => {
  it.each([
    [undefined, undefined, undefined],
    ['https://a.test', 'https://b.test/', 'https://a.test'],
    ['null', 'https://b.test/', 'null'],
    [undefined, 'https://b.test', 'https://b.test'],
    [undefined, 'https://B.Test/a?b#c', 'https://b.test'],
    [undefined, 'http://b.test:80/', 'http://b.test'],
    [undefined, 'http://b.test:443/', 'http://b.test:443'],
    [undefined, 'https://[2001:DB8::1]:8443/', 'https://[2001:db8::1]:8443'],
    [undefined, 'https://user@b.test/', undefined],
    [undefined, 'https://b.test\\@c.test/', undefined],
    [undefined, 'ftp://b.test/', undefined],
    [undefined, '//b.test/', undefined],
    [undefined, 'about:blank', undefined],
  ])('%j, %j: %j', (origin, referer, wanted) => {
    expect(originShown(origin, referer)).toBe(wanted);
  });

  it('is that of a browser, for every referer that a browser sends', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        // A browser's own spelling.
        const { href, origin } = new URL(url);
        expect(originShown(undefined, href)).toBe(origin);
      }),
    );
  });
});
