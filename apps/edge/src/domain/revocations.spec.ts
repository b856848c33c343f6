import { fingerprintOf } from '@kinora/delivery';
import { Revocations } from './revocations';

const grantId = 'grt_01JZ0000000000000000000000';
const issuedAt = 1_751_451_566_080;
const videoId = 'vid_01J0000000000000000000000A';
const expiresAt = issuedAt + 3_600_000;

describe('revocations', () => {
  it('know a grant by its id and by its times', () => {
    const list = new Revocations();
    list.apply({ grants: [{ grantId, expiresAt }], videos: [] }, issuedAt);
    expect(list.isRevoked({ videoId, grantId })).toBe(true);
    const at = (id: string): number =>
      [...id.slice(4, 14)].reduce((sum, char) => sum * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(char), 0);
    const fingerprint = fingerprintOf(Math.floor(at(grantId) / 1000), Math.floor(expiresAt / 1000));
    expect(list.isRevoked({ videoId, fingerprint })).toBe(true);
    expect(list.isRevoked({ videoId, fingerprint: `${fingerprint}0`, grantId: 'grt_other' })).toBe(false);
  });

  it('take a video back until a time, and for those whose time is not told', () => {
    const list = new Revocations();
    const change = { grants: [], videos: [{ videoId, issuedUntil: 5_000, expiresAt }] };
    expect(list.apply(change, 0)).toEqual([videoId]);
    expect(list.apply(change, 0)).toEqual([]);
    expect([5_000, 5_001].map((issued) => list.isRevoked({ videoId, issuedAt: issued }))).toEqual([true, false]);
    expect(list.isRevoked({ videoId })).toBe(true);
    expect(list.isRevoked({ videoId: 'vid_other' })).toBe(false);
    list.apply({ grants: [], videos: [{ videoId, issuedUntil: 4_000, expiresAt }] }, 0);
    expect(list.isRevoked({ videoId, issuedAt: 5_000 })).toBe(true);
  });

  it('forget what has ended by itself', () => {
    const list = new Revocations();
    list.apply({ grants: [{ grantId, expiresAt }], videos: [{ videoId, issuedUntil: 1, expiresAt }] }, 0);
    expect(list.size).toBe(3);
    list.apply({ grants: [], videos: [] }, expiresAt);
    expect(list.size).toBe(0);
  });
});
