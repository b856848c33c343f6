import { matches } from './pattern';

const event = { source: 'aws.mediaconvert', resources: ['a', 'b'], detail: { status: 'COMPLETE', queue: 'arn:q' } };

it.each([
  [{ source: ['aws.mediaconvert'] }, true],
  [{ source: ['aws.s3', 'aws.mediaconvert'], detail: { status: ['COMPLETE'] } }, true],
  [{ detail: { status: ['ERROR'] } }, false],
  [{ detail: { queue: [{ prefix: 'arn:' }] } }, true],
  [{ detail: { queue: [{ prefix: 'x' }] } }, false],
  [{ resources: ['b'] }, true],
  [{ nothing: ['x'] }, false],
  [{ source: { deeper: ['x'] } }, false],
])('%j', (pattern, expected) => expect(matches(pattern, event)).toBe(expected));

it('does not pass over what it does not know', () => {
  expect(() => matches({ source: [{ 'anything-but': 'x' }] }, event)).toThrow(/not known/);
  expect(() => matches({ source: 'aws.mediaconvert' }, event)).toThrow(/no list/);
});
