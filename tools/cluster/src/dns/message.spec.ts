import { encodeAnswer, encodeFailure, parseQuestion, TYPE_A } from './message';

/** A query as glibc sends it. */
function query(name: string, type = TYPE_A): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

it('reads a question, whatever the case of its letters', () => {
  expect(parseQuestion(query('Redis.kinora.svc.cluster.local'))).toMatchObject({
    id: 0x1234,
    name: 'redis.kinora.svc.cluster.local',
    type: TYPE_A,
  });
});

it('answers with addresses, and repeats the question', () => {
  const asked = query('a.b');
  const question = parseQuestion(asked)!;
  const answer = encodeAnswer(question, ['10.96.1.2', '10.96.1.3']);
  expect(answer.readUInt16BE(0)).toBe(0x1234);
  expect(answer.readUInt16BE(6)).toBe(2);
  expect(answer.subarray(12, asked.length)).toEqual(asked.subarray(12));
  expect([...answer.subarray(-4)]).toEqual([10, 96, 1, 3]);
});

it('tells a name without such a record from no name, and both from not knowing', () => {
  const code = (answer: Buffer) => answer.readUInt8(3) & 15;
  const v6 = parseQuestion(query('a.b', 28))!;
  expect(code(encodeAnswer(v6, ['10.96.1.2']))).toBe(0);
  expect(encodeAnswer(v6, ['10.96.1.2']).readUInt16BE(6)).toBe(0);
  expect(code(encodeAnswer(v6, undefined))).toBe(3);
  expect(code(encodeFailure(v6))).toBe(2);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['half a header', Buffer.alloc(7)],
  ['a label that goes beyond the end', query('abc').subarray(0, 15)],
  ['an answer', Buffer.concat([Buffer.from([0x12, 0x34, 0x84]), query('a').subarray(3)])],
])('takes %s for no question', (_, message) => {
  expect(parseQuestion(message)).toBeUndefined();
});
