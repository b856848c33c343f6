import { clock, languageName, rungName, spoken } from './words';

test('clock', () => {
  expect([clock(5), clock(65), clock(3665), clock(65, 4000), clock(Number.NaN)]).toEqual([
    '0:05',
    '1:05',
    '1:01:05',
    '0:01:05',
    '0:00',
  ]);
});

test('spoken', () => {
  expect([spoken(0), spoken(61), spoken(3602)]).toEqual(['0 seconds', '1 minute 1 second', '1 hour 2 seconds']);
});

test('names of rungs go by the shorter side', () => {
  expect(rungName({ width: 1280, height: 720 })).toBe('720p');
  expect(rungName({ width: 1080, height: 1920, frameRate: 60 })).toBe('1080p60');
});

test('names of languages', () => {
  expect([languageName('de'), languageName('und'), languageName('not a tag')]).toEqual([
    'German',
    'Original',
    'not a tag',
  ]);
});
