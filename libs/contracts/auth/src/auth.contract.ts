import { Nothing, Role, Timestamp, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

const Email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase());
export const Password = z.string().min(8).max(256);
const Code = z.string().trim().min(4).max(64);

export const Tokens = z
  .object({
    accessToken: z.string(),
    refreshToken: z
      .string()
      .describe('Empty after a refresh by cookie: what lives in the cookie is not shown to scripts'),
    expiresIn: z.int().describe('Seconds until the access token expires'),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'Tokens' });
export type Tokens = z.output<typeof Tokens>;

export const Profile = z
  .object({ id: z.string(), email: z.string(), displayName: z.string(), roles: z.array(Role), createdAt: Timestamp })
  .meta({ id: 'Profile' });
export type Profile = z.output<typeof Profile>;

/** Of a sign-in that waits for its next step; from the `challenge` of a problem document. */
export const Session = z.string().min(1).max(8_192);

/**
 * Answers of a sign-in that is right so far and needs one more step. The first two carry a `challenge`; the others have to be settled
 * elsewhere.
 */
export const STEPS = [
  'auth.mfa_required',
  'auth.new_password_required',
  'auth.mfa_setup_required',
  'auth.challenge_required',
] as const;

/**
 * Signing in by the user pool's own pages, and by identity providers behind them. Both are addresses for a browser to go to, not calls:
 * `start` takes the path to come back to as `next`. Without such pages they answer 404 `auth.sso_unavailable`.
 */
export const HOSTED = { start: '/v1/auth/hosted', callback: '/v1/auth/callback' } as const;

const group = 'auth';

/** People: Cognito does the work, Kinora gives it one face. */
export const authContract = {
  signUp: endpoint({
    id: `${group}.signUp`,
    method: 'post',
    path: '/v1/auth/sign-up',
    access: 'public',
    summary: 'Create an account; a confirmation code is sent to the address',
    body: z.object({ email: Email, password: Password, displayName: z.string().trim().min(1).max(80).optional() }),
    success: { status: 201, body: z.object({ userId: z.string(), confirmed: z.boolean() }) },
    problems: ['auth.email_taken', 'auth.password_weak'],
  }),
  confirm: endpoint({
    id: `${group}.confirm`,
    method: 'post',
    path: '/v1/auth/confirm',
    access: 'public',
    summary: 'Confirm an account with the code',
    body: z.object({ email: Email, code: Code }),
    success: { status: 204, body: Nothing },
    problems: ['auth.code_wrong', 'auth.code_expired'],
  }),
  resendCode: endpoint({
    id: `${group}.resendCode`,
    method: 'post',
    path: '/v1/auth/resend-code',
    access: 'public',
    summary: 'Send the confirmation code again',
    body: z.object({ email: Email }),
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  signIn: endpoint({
    id: `${group}.signIn`,
    method: 'post',
    path: '/v1/auth/sign-in',
    access: 'public',
    summary: 'Exchange e-mail and password for tokens; also sets an httpOnly refresh cookie for the web application',
    body: z.object({ email: Email, password: z.string().min(1).max(256) }),
    success: { status: 200, body: Tokens },
    problems: ['auth.credentials_wrong', 'auth.not_confirmed', ...STEPS],
  }),
  chooseFirstPassword: endpoint({
    id: `${group}.chooseFirstPassword`,
    method: 'post',
    path: '/v1/auth/first-password',
    access: 'public',
    summary: 'Go on after `auth.new_password_required`: an account that somebody else made gets a password of its own',
    body: z.object({ session: Session, password: Password }),
    success: { status: 200, body: Tokens },
    problems: ['auth.session_expired', 'auth.password_weak', ...STEPS],
  }),
  signInOptions: endpoint({
    id: `${group}.signInOptions`,
    method: 'get',
    path: '/v1/auth/options',
    access: 'public',
    summary: 'The ways of signing in besides e-mail and password',
    success: { status: 200, body: z.object({ sso: z.boolean().describe(`By the pool’s own pages: ${HOSTED.start}`) }) },
    problems: [],
  }),
  refresh: endpoint({
    id: `${group}.refresh`,
    method: 'post',
    path: '/v1/auth/refresh',
    access: 'public',
    summary: 'A new access token from a refresh token in the body, or from the cookie',
    body: z.object({ refreshToken: z.string().min(1).optional() }),
    success: { status: 200, body: Tokens },
    problems: ['auth.refresh_refused'],
  }),
  signOut: endpoint({
    id: `${group}.signOut`,
    method: 'post',
    path: '/v1/auth/sign-out',
    access: 'public',
    summary: 'Revoke the refresh token',
    body: z.object({ refreshToken: z.string().min(1).optional() }),
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  signOutEverywhere: endpoint({
    id: `${group}.signOutEverywhere`,
    method: 'post',
    path: '/v1/auth/sign-out-everywhere',
    access: 'user',
    summary: 'End all sessions of the caller; access tokens of theirs are refused everywhere within 10 seconds',
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  forgotPassword: endpoint({
    id: `${group}.forgotPassword`,
    method: 'post',
    path: '/v1/auth/forgot-password',
    access: 'public',
    summary: 'Send a reset code; answers the same whether or not the account exists',
    body: z.object({ email: Email }),
    success: { status: 204, body: Nothing },
    problems: [],
  }),
  resetPassword: endpoint({
    id: `${group}.resetPassword`,
    method: 'post',
    path: '/v1/auth/reset-password',
    access: 'public',
    summary: 'Set a new password with the reset code',
    body: z.object({ email: Email, code: Code, password: Password }),
    success: { status: 204, body: Nothing },
    problems: ['auth.code_wrong', 'auth.code_expired', 'auth.password_weak'],
  }),
  getProfile: endpoint({
    id: `${group}.getProfile`,
    method: 'get',
    path: '/v1/auth/profile',
    access: 'user',
    summary: 'Who is signed in',
    success: { status: 200, body: Profile },
    problems: [],
  }),
  updateProfile: endpoint({
    id: `${group}.updateProfile`,
    method: 'patch',
    path: '/v1/auth/profile',
    access: 'user',
    summary: 'Change the display name',
    body: z.object({ displayName: z.string().trim().min(1).max(80) }),
    success: { status: 200, body: Profile },
    problems: [],
  }),
  setRoles: endpoint({
    id: `${group}.setRoles`,
    method: 'put',
    path: '/v1/auth/users/{userId}/roles',
    access: 'user',
    summary:
      'Set the roles of a user (admin only); tokens that still carry a role that was taken are refused within 10 seconds',
    params: z.object({ userId: z.string().min(1).max(128) }),
    body: z.object({ roles: z.array(Role).min(1) }),
    success: { status: 200, body: Profile },
    problems: ['auth.user_not_found', 'auth.forbidden', 'auth.own_admin_role'],
  }),
  setActive: endpoint({
    id: `${group}.setActive`,
    method: 'put',
    path: '/v1/auth/users/{userId}/active',
    access: 'user',
    summary: 'Shut a user out, or let them in again (admin only); sessions and API keys end within 30 seconds',
    params: z.object({ userId: z.string().min(1).max(128) }),
    body: z.object({ active: z.boolean() }),
    success: { status: 204, body: Nothing },
    problems: ['auth.user_not_found', 'auth.forbidden', 'auth.own_account'],
  }),
} as const;
