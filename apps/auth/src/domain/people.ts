import { DomainError, type Person, type Role, forbidden, notFound } from '@kinora/contracts-common';
import { type Account, type IdentityProvider, type IssuedTokens } from './identity-provider';
import { type User, type UserRepository } from './users';

export interface PeopleParts {
  readonly provider: IdentityProvider;
  readonly users: UserRepository;
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

const nameFrom = (email: string): string => email.slice(0, Math.max(1, email.indexOf('@'))).slice(0, 80);
const view = (user: User, roles: readonly Role[]): ProfileView => ({
  id: user.id,
  email: user.email,
  displayName: user.displayName,
  roles: roles.length > 0 ? [...roles] : ['viewer'],
  createdAt: user.createdAt.toISOString(),
});

/** What people do with their accounts. */
export function createPeople({ provider, users, signUpRole, onMishap }: PeopleParts) {
  /** Makes sure that a person has a record and, when new, the role of new people. Tells whether a role was given. */
  const enrol = async (account: Pick<Account, 'userId' | 'email' | 'displayName' | 'roles'>) => {
    const user = await users.add({
      id: account.userId,
      email: account.email,
      displayName: account.displayName ?? nameFrom(account.email),
      roles: account.roles,
      rolePending: account.roles.length === 0,
    });
    if (!user.rolePending) return { user, granted: false };
    await provider.addRole(user.id, signUpRole);
    await users.mirrorRoles(user.id, [signUpRole]);
    return { user: { ...user, roles: [signUpRole] }, granted: true };
  };

  /** The record of a person, made on first sight: accounts also come into being outside of Kinora. */
  const recordOf = async (userId: string) => {
    const known = await users.find(userId);
    if (known && !known.rolePending) return { user: known, granted: false };
    const account = await provider.find(userId);
    if (!account) throw notFound('auth.user_not_found', 'There is no such user.');
    return enrol(account);
  };

  return {
    async signUp(person: { email: string; password: string; displayName?: string }) {
      const created = await provider.signUp(person);
      // The account exists from here on. What fails now is made up for at the first sign-in.
      await enrol({ userId: created.userId, email: person.email, displayName: person.displayName, roles: [] }).catch(
        (error: unknown) => onMishap(error, 'enrolment after sign-up'),
      );
      return created;
    },
    confirm: (email: string, code: string) => provider.confirm(email, code),
    resendCode: (email: string) => provider.resendCode(email),
    async signIn(email: string, password: string): Promise<IssuedTokens & { refreshToken: string }> {
      const tokens = await provider.signIn(email, password);
      const { granted } = await recordOf(tokens.userId);
      if (!granted) return tokens;
      // The role came after the token.
      const fresh = await provider.refresh(tokens.refreshToken);
      return { ...fresh, refreshToken: fresh.refreshToken ?? tokens.refreshToken };
    },
    async refresh(refreshToken: string): Promise<IssuedTokens & { refreshToken: string }> {
      const tokens = await provider.refresh(refreshToken);
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
      const account = await provider.find(userId);
      if (account?.userId !== userId) throw notFound('auth.user_not_found', 'There is no such user.');
      const wanted = [...new Set(roles)];
      const { user } = await enrol({ ...account, roles: account.roles.length > 0 ? account.roles : wanted });
      for (const role of wanted.filter((one) => !account.roles.includes(one))) await provider.addRole(userId, role);
      for (const role of account.roles.filter((one) => !wanted.includes(one))) await provider.removeRole(userId, role);
      await users.mirrorRoles(userId, wanted);
      return view(user, wanted);
    },
  };
}
