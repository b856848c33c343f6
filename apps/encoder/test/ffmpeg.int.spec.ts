import { createFfmpeg } from '../src/adapters/ffmpeg/ffmpeg';
import { type FfmpegRun } from '../src/domain/ports';

const GIB = 1024 ** 3;
const ffmpeg = createFfmpeg({ program: 'ffmpeg', maxMemoryBytes: GIB });
const limits = { wallMs: 60_000, outputBytes: GIB };
/** A picture that never ends, raw, on file descriptor 3. */
const endless = (size = '64x36') => [
  '-v',
  'error',
  '-nostdin',
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}`,
  '-f',
  'rawvideo',
  'pipe:3',
];
const run = (over: Partial<FfmpegRun>) =>
  ffmpeg.run({ args: endless(), outputs: [() => undefined], limits, signal: new AbortController().signal, ...over });

describe('createFfmpeg', () => {
  it('hands over what is written, and the exit', async () => {
    let bytes = 0;
    const exit = await run({
      args: [...endless().slice(0, -1), '-frames:v', '10', '-pix_fmt', 'yuv420p', 'pipe:3'],
      outputs: [(chunk) => void (bytes += chunk.byteLength)],
    });
    expect(exit).toEqual({ exitCode: 0, signal: undefined, stderr: '' });
    expect(bytes).toBe(10 * 64 * 36 * 1.5);
  });

  it('keeps what the program says when it fails', async () => {
    const exit = await run({ args: ['-v', 'error', '-i', 'file:/nowhere', '-f', 'null', '-'] });
    expect(exit).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No such file') });
  });

  it('ends a run that takes too long, writes too much or grows too large', async () => {
    expect(await run({ limits: { ...limits, wallMs: 300 } })).toMatchObject({ exceeded: 'time', signal: 'SIGKILL' });
    expect(await run({ limits: { ...limits, outputBytes: 1_000_000 } })).toMatchObject({ exceeded: 'bytes' });
    const small = createFfmpeg({ program: 'ffmpeg', maxMemoryBytes: 8 * 1024 ** 2 });
    const exit = await small.run({
      args: endless('1280x720'),
      outputs: [() => undefined],
      limits,
      signal: new AbortController().signal,
    });
    expect(exit).toMatchObject({ exceeded: 'memory' });
  });

  it('dies with the signal, and rejects with its reason', async () => {
    const controller = new AbortController();
    const stopped = run({ signal: controller.signal, outputs: [() => controller.abort(new Error('enough'))] });
    await expect(stopped).rejects.toThrow('enough');
    await expect(run({ signal: controller.signal })).rejects.toThrow('enough');
  });

  it('dies when what it writes can’t be kept', async () => {
    const failing = run({ outputs: [() => Promise.reject(new Error('the store is full'))] });
    await expect(failing).rejects.toThrow('the store is full');
  });

  it('reads no more of an output while that is being dealt with', async () => {
    let busy = false;
    let bytes = 0;
    const exit = await run({
      args: [...endless('320x180').slice(0, -1), '-frames:v', '20', '-pix_fmt', 'yuv420p', 'pipe:3'],
      outputs: [
        async (chunk) => {
          expect(busy).toBe(false);
          busy = true;
          await new Promise(setImmediate);
          busy = false;
          bytes += chunk.byteLength;
        },
      ],
    });
    expect(exit.exitCode).toBe(0);
    expect(bytes).toBe(20 * 320 * 180 * 1.5);
  });
});
