import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';
import { parseStart, UsageError } from './options';

const here = { cwd: __dirname };

it('has the defaults of the readme', () => {
  expect(parseStart([], here)).toEqual({
    port: 8080,
    dataDir: path.join(workspaceRoot, '.data'),
    exit: false,
    json: false,
    help: false,
    watch: false,
  });
});

it('takes paths from where they were typed', () => {
  const options = parseStart(['options.ts', '--data', 'some where', '--port', '9000', '--exit', '--json'], here);
  expect(options).toMatchObject({
    file: path.join(__dirname, 'options.ts'),
    dataDir: path.join(__dirname, 'some where'),
    port: 9000,
    exit: true,
    json: true,
  });
});

it.each([
  [['--port', 'x'], '--port'],
  [['--port', '70000'], '--port'],
  [['no-such-file.mp4'], 'no-such-file.mp4'],
  [['a.mp4', 'b.mp4'], 'one video'],
  [['--prot', '1'], '--prot'],
])('refuses %p', (args, hint) => {
  expect(() => parseStart(args, here)).toThrow(UsageError);
  expect(() => parseStart(args, here)).toThrow(hint);
});
