import { newId } from '@kinora/contracts-common';
import { eventually } from '@kinora/testing';
import { cookieHeader, type Edge, publish, startEdge } from './edge-fixture';

/** What README and ADR 8 promise. */
const BOUND_MS = 5_000;

/** With the settings that production has. */
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ EDGE_REVOCATION_POLL_MS: '' });
});
afterAll(() => edge.close());

it('a grant that plays is refused five seconds after it was revoked, in every spelling', async () => {
  const video = await publish(edge);
  const grantId = newId('grt');
  const grant = edge.grant({ ...video, grantId });
  const ask = [
    () => edge.get(grant.hls),
    () => edge.get(grant.signFile(video.keys.segment)),
    () => edge.get(grant.cookieHls, { headers: { cookie: cookieHeader(grant) } }),
  ];
  for (const one of ask) expect((await one()).status).toBe(200);

  edge.peers.revoked.grants.push({ grantId, expiresAt: grant.expiresAt.toISOString() });
  const revokedAt = Date.now();
  const took = await Promise.all(
    ask.map(async (one) => {
      await eventually(async () => (await one()).status === 403);
      return Date.now() - revokedAt;
    }),
  );
  for (const ms of took) expect(ms).toBeLessThan(BOUND_MS);
});
