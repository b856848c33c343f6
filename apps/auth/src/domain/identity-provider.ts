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
  readonly accessToken: string;
  /** Absent when a refresh did not rotate it. */
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number;
}

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
  /** @throws `auth.credentials_wrong`, `auth.not_confirmed` */
  signIn(email: string, password: string): Promise<IssuedTokens & { readonly refreshToken: string }>;
  /** @throws `auth.refresh_refused` */
  refresh(refreshToken: string): Promise<IssuedTokens>;
  /** Succeeds when the token was invalid all along. */
  revoke(refreshToken: string): Promise<void>;
  /** Succeeds when there is nobody to send it to. */
  sendResetCode(email: string): Promise<void>;
  /** @throws `auth.code_wrong`, `auth.code_expired`, `auth.password_weak` */
  resetPassword(email: string, code: string, password: string): Promise<void>;
  find(userId: string): Promise<Account | undefined>;
  addRole(userId: string, role: Role): Promise<void>;
  removeRole(userId: string, role: Role): Promise<void>;
}
