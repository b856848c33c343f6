import { type Database } from '@kinora/database';
import { type EndedSessionRepository, type Ending } from '../../domain/sessions';

interface Row {
  user_id: string;
  seq: string;
  sessions_until: Date | null;
  tokens_until: Date | null;
  changed_at: Date;
}

const columns = ['user_id', 'seq', 'sessions_until', 'tokens_until'] as const;

const toEnding = (row: Pick<Row, 'user_id' | 'sessions_until' | 'tokens_until'>): Ending => ({
  userId: row.user_id,
  sessionsUntil: row.sessions_until ?? undefined,
  tokensUntil: row.tokens_until ?? undefined,
});

/** Cognito's access tokens live a day at most; an hour for clocks and for those who are late. */
const MATTERS = "interval '25 hours'";

export const createEndedSessionRepository = (db: Database): EndedSessionRepository => ({
  end: (userId, what, until) =>
    db.transaction(async (trx) => {
      // One after the other, so that a reader who has seen number 7 can't miss a number 6 that is committed later.
      await trx.raw('select pg_advisory_xact_lock(?)', [4_817_302_601]);
      const column = what === 'sessions' ? 'sessions_until' : 'tokens_until';
      await trx('ended_sessions')
        .insert({ user_id: userId, [column]: until, changed_at: trx.fn.now() })
        .onConflict('user_id')
        .merge({
          // The number that the row would have had, had it been new.
          seq: trx.raw('excluded.seq'),
          [column]: trx.raw('greatest(ended_sessions.??, excluded.??)', [column, column]),
          changed_at: trx.fn.now(),
        });
    }),
  async find(userId) {
    const row = await db
      .writer<Row>('ended_sessions')
      .select(...columns)
      .where({ user_id: userId })
      .first();
    return row && toEnding(row);
  },
  // From the writer: a replica may not know the newest yet.
  async since(cursor) {
    const asked = /^\d{1,18}$/.test(cursor ?? '') ? (cursor ?? '0') : '0';
    // A cursor of before a restored backup starts anew. One row at least comes back, if only to say how far the list goes.
    const { rows } = await db.writer.raw<{ rows: (Row & { newest: string })[] }>(
      `with list as (select coalesce(max(seq), 0) as newest from ended_sessions)
       select list.newest, e.user_id, e.seq, e.sessions_until, e.tokens_until
       from list left join ended_sessions e
         on e.seq > (case when :asked::bigint > list.newest then 0 else :asked::bigint end)
         and e.changed_at > now() - ${MATTERS}
       order by e.seq`,
      { asked },
    );
    const people = rows.filter((row) => row.user_id !== null).map(toEnding);
    return { cursor: rows[0]?.newest ?? '0', people };
  },
});
