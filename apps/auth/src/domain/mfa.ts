import { DomainError, type Person, notFound } from '@kinora/contracts-common';
import { type IdentityProvider, type MfaProvider } from './identity-provider';
import { type UserRepository } from './users';

export interface MfaParts {
  readonly provider: Pick<IdentityProvider, 'signIn' | 'answerMfa' | 'revoke'>;
  readonly mfa: MfaProvider;
  readonly users: UserRepository;
  /** Shown by authenticator applications above the code. */
  readonly issuer: string;
}

export type Mfa = ReturnType<typeof createMfa>;

/** The address that authenticator applications read from a QR code (Google's "Key URI Format"). */
export const otpauthUri = (issuer: string, account: string, secret: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${new URLSearchParams({ secret, issuer }).toString()}`;

/** What people do about the second step of their sign-in. */
export function createMfa({ provider, mfa, users, issuer }: MfaParts) {
  const mustBeOff = async (accessToken: string): Promise<void> => {
    // Otherwise whoever has somebody's token could put a secret of their own in the place of the person's.
    if (await mfa.isEnabled(accessToken))
      throw new DomainError('conflict', 'auth.mfa_enabled', 'The second step is on already. Switch it off first.');
  };
  return {
    isEnabled: (accessToken: string) => mfa.isEnabled(accessToken),
    async setUp(caller: Person, accessToken: string): Promise<{ secret: string; uri: string }> {
      await mustBeOff(accessToken);
      const secret = await mfa.newSecret(accessToken);
      const user = await users.find(caller.userId);
      return { secret, uri: otpauthUri(issuer, user?.email ?? caller.userId, secret) };
    },
    async enable(accessToken: string, code: string): Promise<void> {
      await mustBeOff(accessToken);
      await mfa.confirmSecret(accessToken, code);
      await mfa.setEnabled(accessToken, true);
    },
    async disable(caller: Person, accessToken: string, password: string, code: string): Promise<void> {
      const user = await users.find(caller.userId);
      if (!user) throw notFound('auth.user_not_found', 'There is no such user.');
      // The provider checks password and code by a sign-in only; the session that comes of it is ended at once.
      const answer = await provider.signIn(user.username, password);
      const proven = 'challenge' in answer ? await provider.answerMfa(answer.challenge, code) : answer;
      if ('tokens' in proven) await provider.revoke(proven.tokens.refreshToken);
      if ('tokens' in answer) throw new DomainError('conflict', 'auth.mfa_disabled', 'The second step is off already.');
      await mfa.setEnabled(accessToken, false);
    },
  };
}
