import { PassThrough } from 'node:stream';
import { bar, createReporter } from './reporter';

const output = () => {
  const stream = new PassThrough();
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => String(stream.read() ?? '') };
};

it('tells scripts one JSON object per line, and each percent once', () => {
  const { stream, text } = output();
  const reporter = createReporter({ json: true, out: stream });
  reporter.tell({ step: 'uploaded', videoId: 'vid_1' }, 'for people');
  for (const progress of [0.1, 0.101, 0.2]) reporter.progress({ step: 'encode', progress }, 'Encoding');
  const lines = text().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { step: 'uploaded', videoId: 'vid_1' },
    { step: 'encode', progress: 0.1 },
    { step: 'encode', progress: 0.2 },
  ]);
});

it('writes a line per tenth into a file', () => {
  const { stream, text } = output();
  const reporter = createReporter({ json: false, out: stream });
  for (let i = 0; i <= 100; i++) reporter.progress({ step: 'upload', progress: i / 100 }, 'Upload');
  expect(text().trim().split('\n')).toHaveLength(11);
});

it('draws a bar', () => {
  expect(bar(0, 4)).toBe('░░░░');
  expect(bar(0.5, 4)).toBe('██░░');
  expect(bar(2, 4)).toBe('████');
});
