import { Nothing, Role, Timestamp, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

const Email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase());
const Password = z.string().min(8).max(256);
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
    problems: ['auth.credentials_wrong', 'auth.not_confirmed'],
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
    summary: 'Set the roles of a user (admin only)',
    params: z.object({ userId: z.string().min(1).max(128) }),
    body: z.object({ roles: z.array(Role).min(1) }),
    success: { status: 200, body: Profile },
    problems: ['auth.user_not_found', 'auth.forbidden', 'auth.own_admin_role'],
  }),
} as const;
