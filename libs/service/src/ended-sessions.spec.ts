import { type EndedSessions } from '@kinora/contracts-auth';
import { ApiProblem } from '@kinora/contracts-common';
import { createEndedSessionList } from './ended-sessions';

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const nobody: EndedSessions = { cursor: '0', people: [] };
const ended = (userId: string, sessions: number | null, tokens: number | null = null): EndedSessions => ({
  cursor: '1',
  people: [
    {
      userId,
      sessionsUntil: sessions === null ? null : at(sessions),
      tokensUntil: tokens === null ? null : at(tokens),
    },
  ],
});

/** A list whose clock and whose auth are in the hands of the test. */
function listWith(first: EndedSessions | Error) {
  let clock = 0;
  let answer = first;
  const asked: (string | undefined)[] = [];
  const list = createEndedSessionList(
    (cursor) => {
      asked.push(cursor);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    () => clock,
  );
  return {
    asked,
    covers: (userId: string, issuedAt: number, startedAt = issuedAt) => list.covers(userId, { issuedAt, startedAt }),
    pass: (ms: number) => void (clock += ms),
    answerWith: (next: EndedSessions | Error) => void (answer = next),
  };
}

it('asks once for many, and again when somebody needs it and three seconds have passed', async () => {
  const { asked, covers, pass } = listWith(nobody);
  await Promise.all(Array.from({ length: 100 }, () => covers('u', 5)));
  pass(2_999);
  await covers('u', 5);
  expect(asked).toEqual([undefined]);
  pass(2);
  await covers('u', 5);
  expect(asked).toEqual([undefined, '0']);
});

it('lets nobody in on an answer older than seven seconds', async () => {
  const { covers, pass, answerWith } = listWith(nobody);
  expect(await covers('u', 5)).toBe(false);
  answerWith(ended('u', 5));
  pass(7_001);
  expect(await covers('u', 5)).toBe(true);
});

it('tells sessions from tokens, and what came before from what came after', async () => {
  const { covers } = listWith(ended('u', 100, 200));
  expect(await covers('u', 150, 100)).toBe(true);
  expect(await covers('u', 200, 101)).toBe(true);
  expect(await covers('u', 201, 100)).toBe(true);
  expect(await covers('u', 201, 101)).toBe(false);
  expect(await covers('v', 1)).toBe(false);
});

it('keeps what it knows while auth is away, without making requests wait or asking at each of them', async () => {
  const { asked, covers, pass, answerWith } = listWith(ended('u', 5));
  expect(await covers('u', 5)).toBe(true);
  answerWith(new Error('away'));
  pass(60_000);
  for (let i = 0; i < 50; i++) expect(await covers('u', 5)).toBe(true);
  expect(await covers('v', 5)).toBe(false);
  expect(asked.length).toBeLessThanOrEqual(3);
  answerWith(ended('v', 5));
  pass(3_001);
  await covers('v', 5);
  // What was begun beside that call has its answer by the next turn of the event loop.
  await new Promise(setImmediate);
  expect(await covers('v', 5)).toBe(true);
  expect(await covers('u', 5)).toBe(true);
});

it('lets nobody in before auth has answered once', async () => {
  const { covers, answerWith } = listWith(new Error('away'));
  await expect(covers('u', 5)).rejects.toThrow('away');
  answerWith(nobody);
  expect(await covers('u', 5)).toBe(false);
});

it('takes an auth that has no such list yet for one that ends nothing', async () => {
  const { covers } = listWith(new ApiProblem('route.not_found', 404, 'There is nothing here.'));
  expect(await covers('u', 5)).toBe(false);
});
