import { inLanes, type Job } from './lanes';

/** Jobs that end when they are told to, and those that run. */
function jobs(...needs: string[]) {
  const running = new Map<string, () => void>();
  const run = ({ needs: [name = ''] }: Job) => new Promise<void>((resolve) => running.set(name, resolve));
  return {
    done: inLanes(
      needs.map((names) => ({ needs: names.split(' ') })),
      (job) => run(job).finally(() => running.delete(job.needs[0] ?? '')),
    ),
    running: () => [...running.keys()].sort(),
    async end(name: string) {
      running.get(name)?.();
      await new Promise(setImmediate);
    },
  };
}

it('does two at a time, in order, but passes over what needs a server that is in use', async () => {
  const { done, running, end } = jobs('a', 'b', 'c b', 'd', 'e');
  expect(running()).toEqual(['a', 'b']);
  await end('a');
  expect(running()).toEqual(['b', 'd']);
  await end('d');
  expect(running()).toEqual(['b', 'e']);
  await end('b');
  expect(running()).toEqual(['c', 'e']);
  await end('e');
  await end('c');
  await done;
});

it('leaves a lane empty rather than have two jobs on one server', async () => {
  const { done, running, end } = jobs('a', 'b a', 'c b');
  expect(running()).toEqual(['a', 'c']);
  await end('a');
  expect(running()).toEqual(['c']);
  await end('c');
  expect(running()).toEqual(['b']);
  await end('b');
  await done;
});

it('fails with the first that fails', async () => {
  await expect(inLanes([{ needs: ['a'] }], () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await inLanes([], () => Promise.reject(new Error('never called')));
});
