import { cueAt, parseStoryboard } from './storyboard';

const BASE = 'https://media.test/t/tok/media/vid_1/enc_1/storyboard.vtt';
const FILE = `WEBVTT\r
\r
NOTE made by Kinora\r
\r
00:00.000 --> 00:02.000\r
storyboard/1.jpg#xywh=0,0,160,90\r
\r
second\r
00:00:02.000 --> 01:00:04.500 align:start\r
storyboard/1.jpg#xywh=160,0,160,90\r
\r
00:09.000 --> nonsense\r
storyboard/2.jpg\r
\r
01:00:04.500 --> 01:00:06.000\r
whole.jpg\r
`;

test('reads time ranges, rectangles and relative addresses, and leaves out what does not parse', () => {
  expect(parseStoryboard(FILE, BASE)).toEqual([
    {
      start: 0,
      end: 2,
      url: 'https://media.test/t/tok/media/vid_1/enc_1/storyboard/1.jpg',
      box: { x: 0, y: 0, w: 160, h: 90 },
    },
    {
      start: 2,
      end: 3604.5,
      url: 'https://media.test/t/tok/media/vid_1/enc_1/storyboard/1.jpg',
      box: { x: 160, y: 0, w: 160, h: 90 },
    },
    { start: 3604.5, end: 3606, url: 'https://media.test/t/tok/media/vid_1/enc_1/whole.jpg' },
  ]);
});

test('finds the picture at a time, also before the first and after the last', () => {
  const cues = parseStoryboard(FILE, BASE);
  expect([-1, 0, 1.99, 2, 100, 3605, 9999].map((time) => cues.indexOf(cueAt(cues, time)!))).toEqual([
    0, 0, 0, 1, 1, 2, 2,
  ]);
  expect(cueAt([], 1)).toBeUndefined();
});
