import { issueGrant, parseGrantKeys, signingKey } from '@kinora/delivery';
import { newId } from '@kinora/contracts-common';
import { eventually } from '@kinora/testing';
import { generateKeyPairSync } from 'node:crypto';
import { cookieHeader, publish, startEdge } from './edge-fixture';

const secret = (fill: string): string => Buffer.alloc(32, fill).toString('base64');
const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    entry: { publicKey: publicKey.export({ type: 'spki', format: 'pem' }), hash: ['SHA256'] },
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

it('learns new keys and forgets old ones while it runs, and plays by both in between', async () => {
  const [old, fresh] = [pair(), pair()];
  const settings = (tokens: object, signatures: object) => ({
    GRANT_KEYS: JSON.stringify(tokens),
    CLOUDFRONT_KEYS: JSON.stringify(signatures),
  });
  const before = settings({ k1: secret('1') }, { KOLD: old.entry });
  const during = settings({ k2: secret('2'), k1: secret('1') }, { KNEW: fresh.entry, KOLD: old.entry });
  const after = settings({ k2: secret('2') }, { KNEW: fresh.entry });

  let now: Record<string, string> = before;
  const edge = await startEdge({ ...before, SECRETS_REFRESH_SECONDS: '0.05' }, () => now);
  try {
    const video = await publish(edge);
    const playing = (kid: string, fill: string, keyId: string, pem: string) => {
      const grant = issueGrant(
        { ...video, grantId: newId('grt'), sessionId: newId('ses'), now: Date.now(), ttlSeconds: 3600 },
        {
          publicUrl: 'https://kinora.test',
          grantKeys: parseGrantKeys(JSON.stringify({ [kid]: secret(fill) })),
          signingKey: signingKey(keyId, pem),
        },
      );
      return async () => {
        const answers = [edge.get(grant.hls), edge.get(grant.cookieHls, { headers: { cookie: cookieHeader(grant) } })];
        return (await Promise.all(answers)).map(({ status }) => status).join();
      };
    };
    const [byOld, byNew] = [playing('k1', '1', 'KOLD', old.pem), playing('k2', '2', 'KNEW', fresh.pem)];
    expect([await byOld(), await byNew()]).toEqual(['200,200', '403,403']);
    now = during;
    await eventually(async () => (await byNew()) === '200,200');
    expect(await byOld()).toBe('200,200');
    // A reading that can't be used changes nothing.
    now = { ...during, GRANT_KEYS: '{' };
    const polls = edge.peers.polls;
    await eventually(() => edge.peers.polls > polls + 3);
    expect([await byOld(), await byNew()]).toEqual(['200,200', '200,200']);
    now = after;
    await eventually(async () => (await byOld()) === '403,403');
    expect(await byNew()).toBe('200,200');
  } finally {
    await edge.close();
  }
});
