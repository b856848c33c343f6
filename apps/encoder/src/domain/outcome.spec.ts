import { splitJpegs } from './make-storyboard';
import { RunFailed, assertRun, throwTruncated } from './outcome';

const refuse = (code: string) => new Error(code);

describe('assertRun', () => {
  it.each([
    ['source.too_complex', { exitCode: undefined, signal: 'SIGKILL', stderr: '', exceeded: 'memory' as const }, 1],
    ['source.too_complex', { exitCode: undefined, signal: 'SIGKILL', stderr: '' }, 3],
    ['source.unreadable', { exitCode: 1, stderr: 'Invalid data found when processing input' }, 1],
  ])('says %s', (code, exit, attempt) => {
    expect(() => assertRun(exit, attempt, refuse)).toThrow(code);
  });

  it('lets bad luck be tried again', () => {
    expect(() => assertRun({ exitCode: undefined, signal: 'SIGKILL', stderr: '' }, 1, refuse)).toThrow(RunFailed);
    expect(() => assertRun({ exitCode: 1, stderr: 'No space left on device' }, 4, refuse)).toThrow(RunFailed);
    expect(() => assertRun({ exitCode: 0, stderr: 'error while decoding MB 1 2' }, 1, refuse)).not.toThrow();
  });

  it('doesn’t call a source truncated that the network cut off', () => {
    expect(() => throwTruncated({ exitCode: 0, stderr: 'Connection reset by peer' }, refuse)).toThrow(RunFailed);
    expect(() => throwTruncated({ exitCode: 0, stderr: 'partial file' }, refuse)).toThrow('source.truncated');
  });
});

describe('splitJpegs', () => {
  it('cuts pictures that follow each other', () => {
    const one = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 0xff, 0xd9]);
    const two = Buffer.from([0xff, 0xd8, 0xff, 3, 0xff, 0xd9]);
    expect(splitJpegs(Buffer.concat([one, two, one]))).toEqual([one, two, one]);
    expect(splitJpegs(Buffer.alloc(0))).toEqual([]);
  });
});
