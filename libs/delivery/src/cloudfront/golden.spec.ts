// The signer of AWS is the oracle here; nothing but this test uses it.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { policyJson } from './policy';
import { signCookies, signingKey, signUrl } from './sign';
import { parseVerificationKeys } from './verification-keys';
import { verifySignedCookies, verifySignedUrl } from './verify';

const url = 'https://d111.cloudfront.net/media/vid_A/enc_1/main.m3u8';
const resource = 'https://d111.cloudfront.net/media/vid_A/*';
const start = 1_800_000_000;
const end = 1_800_003_600;
const now = (start + 10) * 1000;

describe.each(['rsa', 'ec'] as const)('the official signer, %s', (kind) => {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const keys = parseVerificationKeys(JSON.stringify({ K1: { publicKey, hash: ['SHA1', 'SHA256'] } }));
  const unsigned = (text: string): string => text.replace(/Signature=[^&;]+/, 'Signature=');

  describe.each(['SHA1', 'SHA256'] as const)('%s', (algorithm) => {
    const theirs = { keyPairId: 'K1', privateKey, algorithm };
    const ours = signingKey('K1', privateKey, algorithm);
    const limits = {
      dateLessThan: new Date(end * 1000),
      dateGreaterThan: new Date(start * 1000),
      ipAddress: '192.0.2.0/24',
    };
    const policy = policyJson({ resource, dateLessThan: end, dateGreaterThan: start, sourceIp: '192.0.2.0/24' });
    const ip = '192.0.2.9';

    it('makes URLs that we accept', () => {
      const canned = getSignedUrl({ ...theirs, url, dateLessThan: limits.dateLessThan });
      const custom = getSignedUrl({ ...theirs, url, ...limits });
      const wildcard = getSignedUrl({ ...theirs, url, policy });
      const query = getSignedUrl({ ...theirs, url: `${url}?a=1&b=x%20y`, dateLessThan: limits.dateLessThan });
      for (const signed of [canned, custom, wildcard, query]) {
        expect(verifySignedUrl({ url: signed, now, ip }, keys).ok).toBe(true);
        expect(verifySignedUrl({ url: signed, now: end * 1000, ip }, keys)).toEqual({ ok: false, reason: 'expired' });
      }
    });

    it('makes cookies that we accept', () => {
      for (const made of [
        getSignedCookies({ ...theirs, url, dateLessThan: limits.dateLessThan }),
        getSignedCookies({ ...theirs, policy }),
      ]) {
        const cookies = new Map(Object.entries(made).map(([name, value]) => [name, [String(value)]]));
        expect(verifySignedCookies(cookies, { url, now, ip }, keys).ok).toBe(true);
        expect(verifySignedCookies(cookies, { url: `${url}/../x`.replace('vid_A', 'vid_B'), now, ip }, keys).ok).toBe(
          false,
        );
      }
    });

    it('writes what we write, but for the randomness of a signature', () => {
      const parameters = (text: string) => Object.fromEntries([...new URL(unsigned(text)).searchParams].sort());
      expect(parameters(signUrl(url, { dateLessThan: end }, ours))).toEqual(
        parameters(getSignedUrl({ ...theirs, url, dateLessThan: limits.dateLessThan })),
      );
      const custom = signUrl(
        url,
        { resource: url, dateLessThan: end, dateGreaterThan: start, sourceIp: '192.0.2.0/24' },
        ours,
      );
      expect(parameters(custom)).toEqual(parameters(getSignedUrl({ ...theirs, url, ...limits })));
      const [mine, yours] = [
        signCookies({ resource, dateLessThan: end, dateGreaterThan: start, sourceIp: '192.0.2.0/24' }, ours),
        getSignedCookies({ ...theirs, policy }),
      ];
      const bare = (cookies: object) => ({ ...cookies, 'CloudFront-Signature': '' });
      expect(bare(mine)).toEqual(bare(yours));
      // RSA signatures (PKCS #1 v1.5) are the same every time.
      if (kind === 'rsa') expect(mine['CloudFront-Signature']).toBe(yours['CloudFront-Signature']);
    });

    it('signs the bytes that we sign', () => {
      const signature = new URL(signUrl(url, { dateLessThan: end }, ours)).searchParams.get('Signature') ?? '';
      const bytes = Buffer.from(signature.replace(/-/g, '+').replace(/_/g, '=').replace(/~/g, '/'), 'base64');
      const text = `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${end}}}}]}`;
      expect(createVerify(`RSA-${algorithm}`).update(text).verify(publicKey, bytes)).toBe(true);
    });
  });
});
