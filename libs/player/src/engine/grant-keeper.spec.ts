import { GrantKeeper, type GrantSource, type PlayerGrant } from './grant-keeper';

const grant = (token: string, expiresAt: number): PlayerGrant => ({
  hls: `https://cdn.test/t/${token}/media/vid_1/enc_1/main.m3u8`,
  dash: `https://cdn.test/t/${token}/media/vid_1/enc_1/manifest.mpd`,
  poster: null,
  storyboard: null,
  sessionId: 'ses_1',
  sessionToken: `session-${token}`,
  expiresAt: new Date(expiresAt).toISOString(),
});

function setup(life = 100_000, source?: GrantSource) {
  const state = { now: 0, timers: [] as { ms: number; run: () => void }[], asked: [] as unknown[] };
  let n = 1;
  const keeper = new GrantKeeper(
    grant('one', life),
    source ??
      (async (session) => {
        state.asked.push(session);
        n += 1;
        return grant(`t${n}`, state.now + life);
      }),
    { epoch: () => state.now, after: (ms, run) => (state.timers.push({ ms, run }), () => undefined) },
  );
  return { keeper, state };
}

test('plans a renewal at 80 % of the life, for the same session', async () => {
  const { keeper, state } = setup();
  expect(state.timers[0]!.ms).toBe(80_000);
  state.now = 80_000;
  await keeper.renew();
  expect(state.asked).toEqual([{ sessionId: 'ses_1', sessionToken: 'session-one' }]);
  expect(state.timers[1]!.ms).toBe(80_000);
  expect(keeper.grant.sessionToken).toBe('session-t2');
});

test('addresses of every earlier grant are rewritten, others are left alone', async () => {
  const { keeper } = setup();
  await keeper.renew();
  await keeper.renew();
  expect(keeper.rewrite('https://cdn.test/t/one/media/vid_1/enc_1/v720/3.m4s')).toBe(
    'https://cdn.test/t/t3/media/vid_1/enc_1/v720/3.m4s',
  );
  expect(keeper.rewrite('https://cdn.test/t/t2/media/x')).toBe('https://cdn.test/t/t3/media/x');
  expect(keeper.rewrite('https://cdn.test/t/foreign/media/x')).toBe('https://cdn.test/t/foreign/media/x');
  expect(keeper.rewrite('https://elsewhere.test/t/one/x')).toBe('https://elsewhere.test/t/one/x');
  expect(keeper.rewrite('data:,x')).toBe('data:,x');
});

test('simultaneous renewals share one request', async () => {
  const { keeper, state } = setup();
  await Promise.all([keeper.renew(), keeper.renew(), keeper.renew()]);
  expect(state.asked).toHaveLength(1);
});

test('a grant that ran out while the machine slept is renewed before the next request', async () => {
  const { keeper, state } = setup();
  state.now = 99_000;
  expect(await keeper.readdress('https://cdn.test/t/one/media/a')).toBe('https://cdn.test/t/t2/media/a');
});

test('a renewal that fails lets the request go as it is', async () => {
  const { keeper, state } = setup(100_000, () => Promise.reject(new Error('down')));
  state.now = 99_999;
  expect(await keeper.readdress('https://cdn.test/t/one/media/a')).toBe('https://cdn.test/t/one/media/a');
});
