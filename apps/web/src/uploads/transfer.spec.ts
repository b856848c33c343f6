import { ApiProblem } from '@kinora/contracts-common';
import { type Upload } from '@kinora/contracts-upload';
import { bytesOf } from './parts';
import { Slots } from './slots';
import { PartRefused, transfer, type TransferPorts } from './transfer';

const NEVER = new AbortController().signal;

/** An upload service and its store in memory, with faults on order. */
function platform(size = 95, partSize = 10) {
  const cut = { size, partSize, partCount: Math.ceil(size / partSize) };
  const stored = new Map<number, string>();
  const state = {
    completed: undefined as number[] | undefined,
    puts: [] as number[],
    now: 0,
    most: 0,
    pauses: [] as number[],
  };
  const faults: ((partNumber: number) => Error | undefined)[] = [];
  const ports: TransferPorts = {
    status: async (id) =>
      ({
        id,
        videoId: 'vid_x',
        state: state.completed ? 'completed' : 'open',
        filename: 'a.mp4',
        ...cut,
        expiresAt: '2030-01-01T00:00:00Z',
        parts: [...stored].map(([partNumber, etag]) => ({ partNumber, etag, size: bytesOf(cut, partNumber) })),
      }) satisfies Upload,
    sign: async (_id, partNumber, checksum) => ({
      partNumber,
      url: `https://store.test/${partNumber}`,
      headers: checksum ? { 'x-sum': checksum } : {},
      expiresAt: '2030-01-01T00:00:00Z',
    }),
    complete: async (_id, parts) => {
      const missing = cut.partCount - parts.length;
      if (missing > 0) throw new ApiProblem('upload.part_missing', 409, 'missing');
      state.completed = parts.map(({ partNumber }) => partNumber);
    },
    put: async ({ partNumber }, body, signal, onSent) => {
      state.puts.push(partNumber);
      state.now += 1;
      state.most = Math.max(state.most, state.now);
      onSent(body.size / 2);
      await new Promise((resolve) => setImmediate(resolve));
      state.now -= 1;
      signal.throwIfAborted();
      const fault = faults.map((one) => one(partNumber)).find(Boolean);
      if (fault) throw fault;
      stored.set(partNumber, `"${partNumber}"`);
      return { etag: `"${partNumber}"` };
    },
    digest: async (body) => `sum-${body.size}`,
    online: () => Promise.resolve(),
    pause: async (ms, signal) => {
      state.pauses.push(ms);
      signal.throwIfAborted();
    },
  };
  return { ports, state, stored, faults, file: new Blob([new Uint8Array(size)]) };
}

const options = (onProgress: (sent: number) => void = () => undefined, signal = NEVER) => ({
  signal,
  slots: new Slots(3),
  checksums: true,
  onProgress,
});

test('sends every part once, several at a time but no more than allowed, and completes in order', async () => {
  const { ports, state, file } = platform();
  const progress: number[] = [];
  await transfer(
    'upl_1',
    file,
    ports,
    options((sent) => progress.push(sent)),
  );
  expect(state.puts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(state.completed).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(state.most).toBe(3);
  expect(progress.at(-1)).toBe(95);
  expect(Math.max(...progress)).toBe(95);
});

test('goes on with what is missing', async () => {
  const { ports, state, stored, file } = platform();
  for (const n of [1, 2, 3, 5]) stored.set(n, `"${n}"`);
  await transfer('upl_1', file, ports, options());
  expect(state.puts.toSorted((a, b) => a - b)).toEqual([4, 6, 7, 8, 9, 10]);
});

test('a part that the network or an expired signature lost is signed and sent again', async () => {
  const { ports, state, faults, file } = platform();
  let left = 3;
  faults.push((n) => (n === 4 && left-- > 0 ? new PartRefused(left === 1 ? 403 : 0) : undefined));
  await transfer('upl_1', file, ports, options());
  expect(state.puts.filter((n) => n === 4)).toHaveLength(4);
  expect(state.pauses).toHaveLength(3);
  expect(state.completed).toHaveLength(10);
});

test('a store that never takes a part ends the transfer with its reason', async () => {
  const { ports, state, faults, file } = platform();
  faults.push((n) => (n === 2 ? new PartRefused(400) : undefined));
  await expect(transfer('upl_1', file, ports, options())).rejects.toThrow('The store answered 400.');
  expect(state.puts.filter((n) => n === 2)).toHaveLength(6);
  expect(state.completed).toBeUndefined();
});

test('an aborted transfer stops, and a second one finishes it without sending anything twice but what was on the way', async () => {
  const { ports, state, file } = platform();
  const paused = new AbortController();
  const first = transfer(
    'upl_1',
    file,
    ports,
    options((sent) => sent > 40 && paused.abort(new DOMException('paused', 'AbortError')), paused.signal),
  );
  await expect(first).rejects.toThrow('paused');
  const before = state.puts.length;
  expect(before).toBeLessThan(10);
  await transfer('upl_1', file, ports, options());
  expect(state.completed).toHaveLength(10);
  expect(state.puts.length).toBeLessThanOrEqual(10 + 3);
});

test('a part that the store lost again is noticed at the end and sent once more', async () => {
  const { ports, state, stored, file } = platform();
  const complete = ports.complete;
  let first = true;
  ports.complete = async (id, parts) => {
    if (first) {
      first = false;
      stored.delete(7);
      throw new ApiProblem('upload.part_missing', 409, 'missing');
    }
    await complete(id, parts);
  };
  await transfer('upl_1', file, ports, options());
  expect(state.puts.filter((n) => n === 7)).toHaveLength(2);
  expect(state.completed).toHaveLength(10);
});

test('an upload that has ended says so', async () => {
  const { ports, file } = platform();
  const status = ports.status;
  ports.status = async (id) => ({ ...(await status(id)), state: 'expired' });
  await expect(transfer('upl_1', file, ports, options())).rejects.toMatchObject({ code: 'upload.not_open' });
});
