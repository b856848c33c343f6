import { DomainError, type Person, forbidden, notFound } from '@kinora/contracts-common';
import { type IdentityProvider } from './identity-provider';
import { type UserRepository } from './users';

/** Until when a person's sessions are over, or only the tokens that came of them; whole seconds, as tokens carry them. */
export interface Ending {
  readonly userId: string;
  readonly sessionsUntil: Date | undefined;
  readonly tokensUntil: Date | undefined;
}

export interface EndedSessionRepository {
  /** Moves a person's endings forward, never back. */
  end(userId: string, what: 'sessions' | 'tokens', until: Date): Promise<void>;
  find(userId: string): Promise<Ending | undefined>;
  /** What changed after the cursor and still matters to access tokens, in the order in which it was committed. */
  since(cursor: string | undefined): Promise<{ cursor: string; people: Ending[] }>;
}

export interface SessionParts {
  readonly provider: Pick<IdentityProvider, 'signOutEverywhere' | 'setActive'>;
  readonly users: UserRepository;
  readonly ended: EndedSessionRepository;
  readonly now?: () => Date;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Ending what was begun: of one's own accord, or by an admin. */
export function createSessions({ provider, users, ended, now = () => new Date() }: SessionParts) {
  /**
   * Tokens carry whole seconds, so that all of the second in which this happens is caught. It is answered when that second is over: whoever
   * signs in after the answer is not caught.
   */
  const end = async (userId: string, what: 'sessions' | 'tokens'): Promise<void> => {
    const at = now();
    const until = new Date(Math.floor(at.getTime() / 1_000) * 1_000);
    await ended.end(userId, what, until);
    const rest = until.getTime() + 1_000 - now().getTime();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  };

  return {
    async signOutEverywhere(caller: Person, accessToken: string): Promise<void> {
      // First what is ours: it holds even when the provider can't be reached.
      await end(caller.userId, 'sessions');
      await provider.signOutEverywhere(accessToken);
    },
    /** A role was taken from a person: their tokens must not show it any longer. Their sessions go on, with fresh tokens. */
    outdateTokens: (userId: string): Promise<void> => end(userId, 'tokens'),
    async setActive(caller: Person, userId: string, active: boolean): Promise<void> {
      if (!caller.roles.includes('admin')) throw forbidden();
      if (caller.userId === userId && !active)
        throw new DomainError('conflict', 'auth.own_account', 'You can’t shut yourself out.');
      const user = await users.find(userId);
      if (!user) throw notFound('auth.user_not_found', 'There is no such user.');
      if (active) {
        await provider.setActive(user.username, true);
        await users.setActive(userId, true);
      } else {
        await users.setActive(userId, false);
        await end(userId, 'sessions');
        await provider.setActive(user.username, false);
      }
    },
    /** Whether a session that began then may go on. */
    async mayGoOn(userId: string, startedAt: Date): Promise<boolean> {
      const [user, ending] = await Promise.all([users.find(userId), ended.find(userId)]);
      return (user?.active ?? true) && !(ending?.sessionsUntil && startedAt <= ending.sessionsUntil);
    },
    list: (cursor: string | undefined) => ended.since(cursor),
  };
}
