import { type EndedSessions } from '@kinora/contracts-auth';
import { ApiProblem } from '@kinora/contracts-common';

/** Milliseconds after which the list is asked for again, when somebody needs it. */
const FRESH_MS = 3_000;
/** Milliseconds after which nobody is let in before it has been asked for again. With the time an answer may take: the bound of 10 s. */
const STALE_MS = 7_000;
/** No access token lives longer (Cognito's maximum is a day). */
const FORGET_MS = 25 * 3_600_000;

/** When a token was issued, and when the session began that it is of; seconds. */
export interface TokenTimes {
  readonly issuedAt: number;
  readonly startedAt: number;
}

export interface EndedSessionList {
  /** Whether auth has ended this person's session, or taken back this token, since it was issued. @throws when that can't be known */
  covers(userId: string, times: TokenTimes): Promise<boolean>;
}

/**
 * What auth has ended, asked for when it is needed: an idle service asks for nothing, a busy one every three seconds, whatever the number of
 * requests. While auth is away, what is known stays in force; until its first answer nobody can be let in.
 */
export function createEndedSessionList(
  fetchSince: (cursor: string | undefined) => Promise<EndedSessions>,
  now = () => performance.now(),
): EndedSessionList {
  const people = new Map<string, { sessionsUntil: number; tokensUntil: number; heardAt: number }>();
  let cursor: string | undefined;
  let answeredAt = -Infinity;
  let triedAt = -Infinity;
  let failing = false;
  let pending: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    const askedAt = (triedAt = now());
    try {
      const page = await fetchSince(cursor).catch((error: unknown) => {
        // An auth of before there was such a list, during a rollout: it ends nothing early.
        if (error instanceof ApiProblem && error.status === 404) return { cursor: '0', people: [] };
        throw error;
      });
      for (const [userId, { heardAt }] of people) if (askedAt - heardAt > FORGET_MS) people.delete(userId);
      for (const { userId, sessionsUntil, tokensUntil } of page.people)
        people.set(userId, {
          sessionsUntil: sessionsUntil === null ? -1 : Date.parse(sessionsUntil) / 1_000,
          tokensUntil: tokensUntil === null ? -1 : Date.parse(tokensUntil) / 1_000,
          heardAt: askedAt,
        });
      ({ cursor } = page);
      answeredAt = askedAt;
      failing = false;
    } catch (error) {
      failing = true;
      throw error;
    }
  };
  const refresh = () => (pending ??= ask().finally(() => (pending = undefined)));

  return {
    async covers(userId, { issuedAt, startedAt }) {
      const age = now() - answeredAt;
      if (age === Infinity || (age > STALE_MS && !failing)) {
        // Only the first answer can't be done without.
        await refresh().catch((error: unknown) => {
          if (answeredAt === -Infinity) throw error;
        });
      } else if (age > FRESH_MS && now() - triedAt > FRESH_MS) void refresh().catch(() => undefined);
      const ended = people.get(userId);
      return ended !== undefined && (startedAt <= ended.sessionsUntil || issuedAt <= ended.tokensUntil);
    },
  };
}
