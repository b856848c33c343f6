import { BEGIN, sessionOf } from '../../../test/support/sessions';
import { presentUntil } from './presence';

const at = (fields: Parameters<typeof sessionOf>[0]) => sessionOf(fields);
const start = BEGIN * 1000;

describe('who is watching now', () => {
  it('stays for two and a half heartbeats', () => {
    const young = { now: start + 5_000, sentAt: start + 5_000 };
    expect(presentUntil(at({ mono: 5_000, state: 'playing' }), young)).toBe(young.now + 25_000);
    const old = { now: start + 90_000, sentAt: start + 90_000 };
    expect(presentUntil(at({ mono: 90_000, state: 'rebuffering' }), old)).toBe(old.now + 75_000);
  });

  it.each(['paused', 'ended', 'failed', 'quit'] as const)('is not who is %s', (state) => {
    expect(presentUntil(at({ mono: 5_000, state }), { now: start, sentAt: start })).toBeUndefined();
  });

  it('is not whose player sends yesterday’s beacons', () => {
    const session = at({ mono: 5_000, state: 'playing' });
    expect(presentUntil(session, { now: start + 125_000, sentAt: start + 5_000 })).toBeUndefined();
    expect(
      presentUntil({ ...session, skew: 86_000_000 }, { now: start + 86_005_000, sentAt: start + 5_000 }),
    ).toBeUndefined();
  });
});
