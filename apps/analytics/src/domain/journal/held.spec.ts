import { sessionOf } from '../../../test/support/sessions';
import { type Session } from '../session/session';
import { Held } from './held';

const at = (time: number) => () => time;

describe('what is held', () => {
  it('is needed from the oldest entry on, until the work on it is done', async () => {
    const held = new Held();
    const session = sessionOf({ sn: 0 }, { id: 'ses_a' });
    held.add(session, 4, at(10));
    held.add(sessionOf({ sn: 1, playing: 7 }, { id: 'ses_a' }), 9, at(30));
    expect([held.oldest, held.empty]).toEqual([4, false]);
    expect(await held.leave(9, () => Promise.reject(new Error('not due')), 0)).toEqual([]);

    let seen: Session[] = [];
    const work = jest.fn(async ({ sessions }: { sessions: Map<string, Session> }) => {
      seen = [...sessions.values()];
      // What comes meanwhile is a matter of its own.
      held.add(sessionOf({ sn: 2 }, { id: 'ses_b' }), 12, at(50));
      expect(held.oldest).toBe(4);
      await Promise.resolve();
    });
    expect(await held.leave(10, work, 0)).toEqual([]);
    expect(seen.map(({ key, facts }) => [key.sessionId, facts.newest.sn, facts.playing])).toEqual([['ses_a', 1, 7]]);
    expect(held.oldest).toBe(12);
  });

  it('stays when the work fails, and is due again', async () => {
    const held = new Held();
    held.add(sessionOf({ sn: 0 }), 1, at(0));
    const failure = new Error('away');
    expect(await held.leave(5, () => Promise.reject(failure), 7)).toEqual([failure]);
    expect([held.oldest, held.empty]).toEqual([1, false]);
    expect(await held.leave(6, () => Promise.reject(new Error('too early')), 0)).toEqual([]);
    expect(await held.leave(7, () => Promise.resolve(), 0)).toEqual([]);
    expect([held.oldest, held.empty]).toEqual([Infinity, true]);
  });
});
