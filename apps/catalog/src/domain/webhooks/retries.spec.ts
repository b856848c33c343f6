import { DEFAULT_RETRY_SECONDS, judge } from './retries';

const now = new Date(1_000_000);
const policy = { seconds: DEFAULT_RETRY_SECONDS, random: () => 0.5 };
const answer = (status: number, retryAfterMs: number | null = null) => ({ status, retryAfterMs });

describe('what follows from a webhook’s answer', () => {
  it.each([200, 202, 204])('%i is delivered', (status) =>
    expect(judge(answer(status), 1, now, policy)).toEqual({ status, error: null, next: { state: 'delivered' } }),
  );

  it('410 ends the webhook', () => {
    expect(judge(answer(410), 1, now, policy).next).toMatchObject({ state: 'failed', disable: expect.any(String) });
  });

  it.each([301, 400, 404, 429, 500])('%i is tried again, with jitter', (status) => {
    expect(judge(answer(status), 1, now, policy).next).toEqual({ state: 'pending', at: new Date(1_000_000 + 5_500) });
  });

  it('waits as long as it is asked to, for a day at most', () => {
    const at = (ms: number) => judge(answer(503, ms), 1, now, policy).next;
    expect(at(60_000)).toEqual({ state: 'pending', at: new Date(1_060_000) });
    expect(at(1e12)).toEqual({ state: 'pending', at: new Date(1_000_000 + 86_400_000) });
    expect(at(1)).toEqual({ state: 'pending', at: new Date(1_005_500) });
  });

  it('gives up after ten tries in about three days', () => {
    const silence = { status: null, error: 'nobody there' };
    expect(judge(silence, 9, now, policy).next.state).toBe('pending');
    expect(judge(silence, 10, now, policy)).toEqual({ status: null, error: 'nobody there', next: { state: 'failed' } });
    const hours = DEFAULT_RETRY_SECONDS.reduce((sum, one) => sum + one, 0) / 3600;
    expect(hours).toBeGreaterThan(72);
    expect(hours).toBeLessThan(80);
  });
});
