// The signer of AWS is the oracle here; nothing but tests uses it.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { parseVerificationKeys } from '../cloudfront/verification-keys';
import { hasUrlSignature, verifySignedCookies, verifySignedUrl } from '../cloudfront/verify';
import { parseGrantKeys } from '../grant/grant-keys';
import { verifyPathToken } from '../grant/path-token';
import { splitTokenPath } from '../grant/token-rules';
import { originShown } from '../http/origin';
import { layout } from '../layout';
import { type OfficialSigner, signatureVectors } from './signature-vectors';
import { tokenVectors } from './token-vectors';

const videoId = 'vid_01J0000000000000000000000A';
const published = {
  now: Date.now(),
  videoId,
  key: layout.segment(videoId, 'enc_01J0000000000000000000000E', 'v720', 1),
};

const official: OfficialSigner = {
  url: (options) => getSignedUrl(options as Parameters<typeof getSignedUrl>[0]),
  cookies: (options) => getSignedCookies(options as Parameters<typeof getSignedCookies>[0]),
};

describe('path tokens, by the verifier', () => {
  const { world, vectors } = tokenVectors(published);
  const keys = parseGrantKeys(world.grantKeysJson);

  it.each(vectors.map((one) => [one.name, one] as const))('%s', (_, { target, headers, wanted }) => {
    const { token, rest } = splitTokenPath(target.split('?', 1)[0] ?? '');
    const verified = verifyPathToken(token, keys, {
      now: published.now,
      path: rest,
      origin: originShown(headers['origin'], headers['referer']),
      ownOrigins: [world.ownOrigin],
      country: headers['cloudfront-viewer-country'],
    });
    // Revocations are nothing to the verifier: whoever asks it looks them up by the grant that it found.
    const revoked =
      verified.ok &&
      (world.revokedGrants.some(({ grantId }) => grantId === verified.grantId) ||
        world.revokedVideos.some((video) => video.videoId === verified.videoId && wanted === 'revoked'));
    expect(verified.ok ? (revoked ? 'revoked' : 'ok') : verified.reason).toBe(wanted);
  });
});

describe('signatures of AWS’s own signer, by the verifiers', () => {
  const { world, vectors } = signatureVectors(published, official);
  const keys = parseVerificationKeys(world.keysJson);

  it.each(vectors.map((one) => [one.name, one] as const))('%s', (_, { target, headers, wanted }) => {
    const request = { url: world.publicUrl + target, now: published.now, ip: world.ip };
    const cookies = new Map<string, string[]>();
    for (const pair of (headers['cookie'] ?? '').split('; ')) {
      const [name = '', value = ''] = pair.split(/=(.*)/);
      cookies.set(name, [...(cookies.get(name) ?? []), value]);
    }
    const verified = hasUrlSignature(target)
      ? verifySignedUrl(request, keys)
      : verifySignedCookies(cookies, request, keys);
    expect(verified.ok ? 'ok' : verified.reason).toBe(wanted);
  });
});
