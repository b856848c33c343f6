import { type Exception, judge } from './exceptions';

const exceptions: Exception[] = [
  { tool: 'checkov', rule: 'R1', of: /^Pod /, why: 'a reason' },
  { tool: 'kube-score', rule: 'R9', why: 'another tool’s' },
];

test('a finding is a problem unless an exception covers rule and object', () => {
  const found = [
    { rule: 'R1', object: 'Pod a', text: 'bad' },
    { rule: 'R1', object: 'Service a', text: 'bad' },
    { rule: 'R2', object: 'Pod a', text: 'worse' },
  ];
  expect(judge('checkov', found, exceptions)).toEqual(['Service a: R1: bad', 'Pod a: R2: worse']);
});

test('an exception that covers nothing is a problem', () => {
  expect(judge('checkov', [], exceptions)).toEqual(['the exception from R1 for ^Pod  is not needed any more']);
});
