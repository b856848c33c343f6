import { PATIENCE, watchLadder } from './ladder-watch';

function setup() {
  const state = { published: 1, known: 1, growing: true, still: false, reloads: 0, failing: false };
  let next: (() => void) | undefined;
  const end = watchLadder(
    {
      published: async () => {
        if (state.failing) throw new Error('offline');
        return state.published;
      },
      known: () => state.known,
      growing: () => state.growing,
      still: () => state.still,
      reload: async () => {
        state.reloads += 1;
        state.known = state.published;
      },
    },
    (_, run) => ((next = run), () => (next = undefined)),
  );
  /** One look; false when none is planned any more. */
  const look = async (): Promise<boolean> => {
    const run = next;
    next = undefined;
    run?.();
    for (let n = 0; n < 5; n += 1) await Promise.resolve();
    return run !== undefined;
  };
  return { state, look, end };
}

test('loads anew at the first still moment after the last rung has joined', async () => {
  const { state, look } = setup();
  state.still = true;
  await look();
  state.published = 2;
  await look();
  state.published = 4;
  await look();
  expect(state.reloads).toBe(0);
  await look();
  expect(state).toMatchObject({ reloads: 1, known: 4 });
  await look();
  expect(state.reloads).toBe(1);
});

test('waits while the picture moves, but not for ever', async () => {
  const { state, look } = setup();
  state.published = 4;
  for (let n = 0; n <= PATIENCE; n += 1) await look();
  expect(state.reloads).toBe(0);
  await look();
  expect(state.reloads).toBe(1);
});

test('ends with the growth, after a last look', async () => {
  const { state, look } = setup();
  await look();
  Object.assign(state, { growing: false, published: 4, still: true });
  await look();
  expect(state.reloads).toBe(1);
  expect(await look()).toBe(true);
  expect(await look()).toBe(false);
});

test('survives what it can’t fetch, and ends when it is told', async () => {
  const { state, look, end } = setup();
  state.failing = true;
  await look();
  Object.assign(state, { failing: false, published: 2, still: true });
  await look();
  await look();
  expect(state.reloads).toBe(1);
  end();
  expect(await look()).toBe(false);
});
