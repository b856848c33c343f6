import { type Role } from '@kinora/contracts-common';

/** What the provider knows of a person. */
export interface Account {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string | undefined;
  /** False: shut out by an operator. */
  readonly enabled: boolean;
  readonly roles: readonly Role[];
}

export interface IssuedTokens {
  readonly userId: string;
  /** What the provider calls the person; not always the id (accounts that come from another identity provider). */
  readonly username: string;
  /** When the session began that these tokens are of, to the second; a refresh leaves it as it is. */
  readonly sessionStartedAt: Date;
  readonly accessToken: string;
  /** Absent when a refresh did not rotate it. */
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number;
}

export type NewSession = IssuedTokens & { readonly refreshToken: string };

/** A sign-in that is right so far, and what it waits for. */
export interface Challenge {
  readonly step: 'mfa' | 'new-password';
  readonly username: string;
  /** The provider's own name for the unfinished sign-in. */
  readonly session: string;
}

/** Either a session, or a step on the way to one. */
export type SignInAnswer = { readonly tokens: NewSession } | { readonly challenge: Challenge };

/**
 * Who keeps passwords and codes. Methods throw DomainErrors with the codes of the auth contract; which account exists shows in none of
 * them but `signUp`.
 */
export interface IdentityProvider {
  /** @throws `auth.email_taken`, `auth.password_weak` */
  signUp(person: {
    email: string;
    password: string;
    displayName?: string;
  }): Promise<{ userId: string; confirmed: boolean }>;
  /** @throws `auth.code_wrong`, `auth.code_expired` */
  confirm(email: string, code: string): Promise<void>;
  /** Succeeds when there is nobody to send it to. */
  resendCode(email: string): Promise<void>;
  /** @throws `auth.credentials_wrong`, `auth.not_confirmed`, and `auth.mfa_setup_required`, `auth.challenge_required` for steps that are not known here */
  signIn(username: string, password: string): Promise<SignInAnswer>;
  /** @throws `auth.code_wrong`, `auth.code_used`, `auth.session_expired` */
  answerMfa(challenge: Challenge, code: string): Promise<SignInAnswer>;
  /** @throws `auth.password_weak`, `auth.session_expired` */
  chooseFirstPassword(challenge: Challenge, password: string): Promise<SignInAnswer>;
  /** @throws `auth.refresh_refused` */
  refresh(refreshToken: string): Promise<IssuedTokens>;
  /** Succeeds when the token was invalid all along. */
  revoke(refreshToken: string): Promise<void>;
  /** Makes all refresh tokens of the caller void. */
  signOutEverywhere(accessToken: string): Promise<void>;
  /** Succeeds when there is nobody to send it to. */
  sendResetCode(email: string): Promise<void>;
  /** @throws `auth.code_wrong`, `auth.code_expired`, `auth.password_weak` */
  resetPassword(email: string, code: string, password: string): Promise<void>;
  find(username: string): Promise<Account | undefined>;
  addRole(username: string, role: Role): Promise<void>;
  removeRole(username: string, role: Role): Promise<void>;
  /** Shuts a person out (and makes refresh tokens void), or lets them in again. */
  setActive(username: string, active: boolean): Promise<void>;
}

/** Who keeps the secrets of authenticator applications. The person is the one of the access token. */
export interface MfaProvider {
  isEnabled(accessToken: string): Promise<boolean>;
  /** A new secret in base 32. @throws `auth.mfa_unavailable` when the pool or the account has no such step */
  newSecret(accessToken: string): Promise<string>;
  /** @throws `auth.code_wrong`, `auth.mfa_unavailable` */
  confirmSecret(accessToken: string, code: string): Promise<void>;
  setEnabled(accessToken: string, enabled: boolean): Promise<void>;
}
