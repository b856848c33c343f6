import { generateKeyPairSync } from 'node:crypto';
import { parseVerificationKeys } from '../cloudfront/verification-keys';
import { signingKey } from '../cloudfront/sign';
import { verifySignedCookies, verifySignedUrl } from '../cloudfront/verify';
import { layout } from '../layout';
import { parseGrantKeys } from './grant-keys';
import { fingerprintOf, ISSUED_SKEW_SECONDS, issuedAtOf } from './grant-times';
import { expiryOf, issueGrant, MAX_GRANT_SECONDS } from './issue-grant';
import { verifyPathToken } from './path-token';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const keys = parseVerificationKeys(JSON.stringify({ K1: { publicKey: pem, hash: ['SHA256'] } }));
const grantKeys = parseGrantKeys(JSON.stringify({ k1: Buffer.alloc(32, 'a').toString('base64') }));
const issuer = {
  publicUrl: 'https://kinora.test',
  grantKeys,
  signingKey: signingKey('K1', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
};
const videoId = 'vid_01J0000000000000000000000A';
const encodingId = 'enc_01J0000000000000000000000E';
const grantId = 'grt_01JZ0000000000000000000000';
const issued = issuedAtOf(grantId);
const request = {
  grantId,
  videoId,
  sessionId: 'ses_01JZ0000000000000000000000',
  encodingId,
  now: issued,
  ttlSeconds: 3600,
};
const cookiesOf = (setCookie: readonly string[]) =>
  new Map(
    setCookie
      .map((line) => line.split(';')[0]?.split('=') ?? [])
      .map(([name = '', ...value]) => [name, [value.join('=')]]),
  );

describe('a grant', () => {
  const grant = issueGrant(request, issuer);
  const at = issued + 1000;

  it('opens the same by token, cookies and signed URL, until the same instant', () => {
    const { pathname } = new URL(grant.hls);
    const [, , token = '', ...rest] = pathname.split('/');
    const byToken = (now: number) => verifyPathToken(token, grantKeys, { now, path: `/${rest.join('/')}` }).ok;
    const byCookie = (now: number) =>
      verifySignedCookies(cookiesOf(grant.setCookie), { url: grant.cookieHls, now }, keys).ok;
    const signed = grant.signFile(layout.poster(videoId, encodingId));
    const byUrl = (now: number) => verifySignedUrl({ url: signed, now }, keys).ok;
    for (const opens of [byToken, byCookie, byUrl]) {
      expect(opens(at)).toBe(true);
      expect(opens(grant.expiresAt.getTime() - 1)).toBe(true);
      expect(opens(grant.expiresAt.getTime())).toBe(false);
    }
    expect(grant.cookieHls).toBe(`https://kinora.test/${layout.hls(videoId, encodingId)}`);
    expect(grant.storyboard).toContain(`/t/${token}/${layout.storyboard(videoId, encodingId)}`);
  });

  it('sets cookies for its video only, out of reach of scripts', () => {
    expect(grant.setCookie).toHaveLength(4);
    for (const line of grant.setCookie)
      expect(line).toMatch(
        new RegExp(
          `^CloudFront-[\\w-]+=[^;]+; Path=/media/${videoId}/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`,
        ),
      );
    const local = issueGrant(request, { ...issuer, publicUrl: 'http://localhost:8080', cookieDomain: 'kinora.test' });
    expect(local.setCookie[0]).toContain('; Domain=kinora.test;');
    expect(local.setCookie[0]).not.toContain('Secure');
  });

  it('signs no file of another video', () => {
    expect(() => grant.signFile('media/vid_01J0000000000000000000000Z/x/poster.jpg')).toThrow(/own video/);
  });

  it('has no cookies when it is bound to what cookies cannot hold', () => {
    for (const bond of [{ embedOrigin: 'https://example.org' }, { countries: ['DE'] }]) {
      const bound = issueGrant({ ...request, ...bond }, issuer);
      expect(bound.setCookie).toEqual([]);
      expect(() => bound.signFile(layout.poster(videoId, encodingId))).toThrow(/bound/);
    }
  });

  it('lives six hours at most', () => {
    expect(() => issueGrant({ ...request, ttlSeconds: MAX_GRANT_SECONDS + 1 }, issuer)).toThrow(/lives/);
    expect(() => issueGrant({ ...request, ttlSeconds: 0 }, issuer)).toThrow(/lives/);
    expect(issueGrant({ ...request, ttlSeconds: 1 }, issuer).expiresAt.getTime()).toBe(
      Math.floor(issued / 1000) * 1000 + 1000,
    );
  });

  it('can be told from others by when it was issued and ends', () => {
    const { policy } = verifySignedCookies(cookiesOf(grant.setCookie), { url: grant.cookieHls, now: at }, keys) as {
      policy: { dateLessThan: number; dateGreaterThan: number };
    };
    const second = Math.floor(issued / 1000);
    expect(policy.dateGreaterThan + ISSUED_SKEW_SECONDS).toBe(second);
    expect(fingerprintOf(second, policy.dateLessThan)).toBe(fingerprintOf(second, grant.expiresAt.getTime() / 1000));
    const ends = new Set(Array.from({ length: 100 }, (_, i) => expiryOf(`grt_${i}`, 0, MAX_GRANT_SECONDS)));
    expect(ends.size).toBeGreaterThan(80);
    for (const end of ends) expect(end).toBeGreaterThan(MAX_GRANT_SECONDS - 1025);
  });
});
