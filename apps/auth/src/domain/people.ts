import { DomainError, type Person, type Role, forbidden, notFound } from '@kinora/contracts-common';
import {
  type Account,
  type Challenge,
  type IdentityProvider,
  type NewSession,
  type SignInAnswer,
} from './identity-provider';
import { type Sealed } from './sealed';
import { type Sessions } from './sessions';
import { type User, type UserRepository } from './users';

export interface PeopleParts {
  readonly provider: IdentityProvider;
  readonly users: UserRepository;
  readonly sessions: Pick<Sessions, 'mayGoOn' | 'outdateTokens'>;
  readonly challenges: Sealed<Challenge>;
  readonly signUpRole: Role;
  /** Told of failures that the caller need not see, because a later call mends them. */
  readonly onMishap: (error: unknown, what: string) => void;
}

export interface ProfileView {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly roles: Role[];
  readonly createdAt: string;
}

export type People = ReturnType<typeof createPeople>;

const wrongCredentials = () =>
  new DomainError('unauthenticated', 'auth.credentials_wrong', 'The e-mail address or the password is wrong.');
const refreshRefused = () => new DomainError('unauthenticated', 'auth.refresh_refused', 'Sign in again.');

/** Codes and sentences of the steps that a sign-in can wait for. */
const STEPS: Record<Challenge['step'], readonly [code: string, sentence: string]> = {
  mfa: ['auth.mfa_required', 'Enter the code that your authenticator application shows.'],
  'new-password': ['auth.new_password_required', 'Choose a password of your own.'],
};

const nameFrom = (email: string): string => email.slice(0, Math.max(1, email.indexOf('@'))).slice(0, 80);
const view = (user: User, roles: readonly Role[]): ProfileView => ({
  id: user.id,
  email: user.email,
  displayName: user.displayName,
  roles: roles.length > 0 ? [...roles] : ['viewer'],
  createdAt: user.createdAt.toISOString(),
});

/** What people do with their accounts. */
export function createPeople({ provider, users, sessions, challenges, signUpRole, onMishap }: PeopleParts) {
  /** Makes sure that a person has a record and, when new, the role of new people. Tells whether a role was given. */
  const enrol = async (account: Pick<Account, 'userId' | 'email' | 'displayName' | 'roles'>, username: string) => {
    const user = await users.add({
      id: account.userId,
      email: account.email,
      displayName: account.displayName ?? nameFrom(account.email),
      roles: account.roles,
      rolePending: account.roles.length === 0,
      username,
    });
    if (!user.rolePending) return { user, granted: false };
    await provider.addRole(user.username, signUpRole);
    await users.mirrorRoles(user.id, [signUpRole]);
    return { user: { ...user, roles: [signUpRole] }, granted: true };
  };

  /** The record of a person, made on first sight: accounts also come into being outside of Kinora. */
  const recordOf = async (userId: string, username = userId) => {
    const known = await users.find(userId);
    if (known && !known.rolePending) return { user: known, granted: false };
    const account = await provider.find(username);
    if (!account) throw notFound('auth.user_not_found', 'There is no such user.');
    return enrol(account, username);
  };

  /** Lets in who has proven to be somebody: not those who are shut out, and nobody without a record and a role. */
  const admit = async (tokens: NewSession, account?: Account): Promise<NewSession> => {
    const { user, granted } = account
      ? await enrol(account, tokens.username)
      : await recordOf(tokens.userId, tokens.username);
    if (!user.active) {
      await provider.revoke(tokens.refreshToken);
      throw wrongCredentials();
    }
    if (!granted) return tokens;
    // The role came after the token. Should there be no fresh one, the next refresh brings it.
    const fresh = await provider.refresh(tokens.refreshToken).catch((error: unknown) => {
      onMishap(error, 'a fresh token for a new role');
      return tokens;
    });
    return { ...fresh, refreshToken: fresh.refreshToken ?? tokens.refreshToken };
  };

  const settle = (answer: SignInAnswer): Promise<NewSession> => {
    if ('tokens' in answer) return admit(answer.tokens);
    const [code, sentence] = STEPS[answer.challenge.step];
    throw new DomainError('forbidden', code, sentence, {
      challenge: { session: challenges.seal(answer.challenge), expiresIn: challenges.lifeSeconds },
    });
  };

  const opened = (session: string, step: Challenge['step']): Challenge => {
    const challenge = challenges.open(session);
    if (challenge?.step !== step)
      throw new DomainError('unauthenticated', 'auth.session_expired', 'This took too long. Sign in again.');
    return challenge;
  };

  return {
    async signUp(person: { email: string; password: string; displayName?: string }) {
      const created = await provider.signUp(person);
      // The account exists from here on. What fails now is made up for at the first sign-in.
      await enrol(
        { userId: created.userId, email: person.email, displayName: person.displayName, roles: [] },
        created.userId,
      ).catch((error: unknown) => onMishap(error, 'enrolment after sign-up'));
      return created;
    },
    confirm: (email: string, code: string) => provider.confirm(email, code),
    resendCode: (email: string) => provider.resendCode(email),
    /** @throws `auth.mfa_required`, `auth.new_password_required` with a challenge to go on with */
    signIn: async (email: string, password: string): Promise<NewSession> =>
      settle(await provider.signIn(email, password)),
    answerMfa: async (session: string, code: string): Promise<NewSession> =>
      settle(await provider.answerMfa(opened(session, 'mfa'), code)),
    chooseFirstPassword: async (session: string, password: string): Promise<NewSession> =>
      settle(await provider.chooseFirstPassword(opened(session, 'new-password'), password)),
    /** Whose sign-in waits under this session, for counting attempts. */
    accountOf: (session: string): string | undefined => challenges.open(session)?.username,
    admit,
    async refresh(refreshToken: string): Promise<NewSession> {
      const tokens = await provider.refresh(refreshToken);
      if (!(await sessions.mayGoOn(tokens.userId, tokens.sessionStartedAt))) {
        await provider.revoke(refreshToken);
        throw refreshRefused();
      }
      return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    },
    signOut: (refreshToken: string) => provider.revoke(refreshToken),
    forgotPassword: (email: string) => provider.sendResetCode(email),
    resetPassword: (email: string, code: string, password: string) => provider.resetPassword(email, code, password),

    async profile(caller: Person): Promise<ProfileView> {
      const { user, granted } = await recordOf(caller.userId);
      return view(user, granted ? user.roles : caller.roles);
    },
    async rename(caller: Person, displayName: string): Promise<ProfileView> {
      await recordOf(caller.userId);
      const user = await users.rename(caller.userId, displayName);
      if (!user) throw notFound('auth.user_not_found', 'There is no such user.');
      return view(user, caller.roles);
    },
    async setRoles(caller: Person, userId: string, roles: readonly Role[]): Promise<ProfileView> {
      if (!caller.roles.includes('admin')) throw forbidden();
      if (caller.userId === userId && !roles.includes('admin'))
        throw new DomainError('conflict', 'auth.own_admin_role', 'You can’t take the admin role from yourself.');
      const username = (await users.find(userId))?.username ?? userId;
      const account = await provider.find(username);
      if (account?.userId !== userId) throw notFound('auth.user_not_found', 'There is no such user.');
      const wanted = [...new Set(roles)];
      const { user } = await enrol({ ...account, roles: account.roles.length > 0 ? account.roles : wanted }, username);
      const taken = account.roles.filter((one) => !wanted.includes(one));
      for (const role of wanted.filter((one) => !account.roles.includes(one))) await provider.addRole(username, role);
      for (const role of taken) await provider.removeRole(username, role);
      await users.mirrorRoles(userId, wanted);
      if (taken.length > 0) await sessions.outdateTokens(userId);
      return view(user, wanted);
    },
  };
}
