import { type BeaconInput } from '@kinora/contracts-analytics';
import { Recorder, type Clock, type Sent } from './recorder';

/** A clock that a test turns by hand. */
function handClock() {
  let now = 1000;
  let timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    epoch: () => 1_700_000_000_000 + now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
  };
  const turn = async (ms: number) => {
    const end = now + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.run();
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
    }
    now = end;
  };
  return { clock, turn, pending: () => timers.length };
}

function setup(answer: () => Sent | Promise<Sent> = () => ({ kind: 'taken' })) {
  const sent: { beacon: BeaconInput; leaving: boolean }[] = [];
  const hand = handClock();
  const recorder = new Recorder(
    async (beacons, leaving) => {
      sent.push(...beacons.map((beacon) => ({ beacon, leaving })));
      return answer();
    },
    { player: 'kinora' },
    hand.clock,
  );
  return { ...hand, sent, recorder };
}

test('says nothing before somebody asks to play', async () => {
  const { recorder, sent, turn } = setup();
  recorder.record({ type: 'tick', position: 0 });
  recorder.flush();
  await turn(120_000);
  expect(sent).toHaveLength(0);
});

test('coalesces changes of state for a second, then beats at 10 s, and at 30 s after the first minute', async () => {
  const { recorder, sent, turn } = setup();
  recorder.record({ type: 'intent', position: 0 });
  recorder.record({ type: 'playing', position: 0 });
  await turn(1000);
  expect(sent).toHaveLength(1);
  expect(sent[0]!.beacon).toMatchObject({ sn: 0, state: 'playing', dimensions: { player: 'kinora' } });
  await turn(60_000);
  const firstMinute = sent.length;
  expect(firstMinute).toBe(7); // at 1, 11, 21, 31, 41, 51 and 61 s
  await turn(60_000);
  expect(sent.length - firstMinute).toBe(2);
  expect(sent.map(({ beacon }) => beacon.sn)).toEqual(sent.map((_, i) => i));
});

test('410 ends the reports of this session', async () => {
  const { recorder, sent, turn, pending } = setup(() => ({ kind: 'stop' }));
  recorder.record({ type: 'intent' });
  await turn(1000);
  recorder.record({ type: 'playing', position: 0 });
  recorder.flush(true);
  await turn(600_000);
  expect(sent).toHaveLength(1);
  expect(pending()).toBe(0);
});

test('after a refusal it waits as told, and the next snapshot says it all', async () => {
  const answers: Sent[] = [{ kind: 'retry', afterMs: 5000 }];
  const { recorder, sent, turn } = setup(() => answers.shift() ?? { kind: 'taken' });
  recorder.record({ type: 'intent' });
  recorder.record({ type: 'playing', position: 0 });
  await turn(1000);
  await turn(4900);
  expect(sent).toHaveLength(1);
  await turn(100);
  expect(sent[1]!.beacon).toMatchObject({ sn: 1, playing: 6000 });
});

test('a transport that throws harms nobody', async () => {
  const { recorder, sent, turn } = setup(() => {
    throw new Error('blocked by an extension');
  });
  recorder.record({ type: 'intent' });
  await turn(300_000);
  expect(sent.length).toBeGreaterThan(2);
});

test('leaving sends at once what survives the page; coming back goes on with the same session', async () => {
  const { recorder, sent, turn } = setup();
  recorder.record({ type: 'intent' });
  recorder.record({ type: 'playing', position: 0 });
  await turn(1000);
  recorder.flush(true);
  await turn(0);
  expect(sent[1]).toMatchObject({ leaving: true, beacon: { state: 'quit', sn: 1 } });
  recorder.record({ type: 'tick', position: 5 });
  recorder.flush(false);
  expect(sent[2]).toMatchObject({ beacon: { state: 'playing', sn: 2 } });
});

test('a paused session falls silent', async () => {
  const { recorder, sent, turn } = setup();
  recorder.record({ type: 'intent' });
  recorder.record({ type: 'playing', position: 0 });
  recorder.record({ type: 'paused', position: 1 });
  await turn(1000);
  await turn(600_000);
  expect(sent).toHaveLength(1);
});
