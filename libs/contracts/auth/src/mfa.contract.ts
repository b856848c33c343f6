import { Nothing, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { Session, Tokens } from './auth.contract';

/** Six digits of an authenticator application (RFC 6238). */
const TotpCode = z
  .string()
  .transform((text) => text.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'expected six digits'));

/** The second step of signing in: codes of an authenticator application. */
export const mfaContract = {
  answerMfa: endpoint({
    id: 'auth.answerMfa',
    method: 'post',
    path: '/v1/auth/mfa',
    access: 'public',
    summary: 'Go on after `auth.mfa_required`: exchange the session and a code for tokens',
    body: z.object({ session: Session, code: TotpCode }),
    success: { status: 200, body: Tokens },
    problems: ['auth.code_wrong', 'auth.code_used', 'auth.session_expired'],
  }),
  getMfa: endpoint({
    id: 'auth.getMfa',
    method: 'get',
    path: '/v1/auth/mfa',
    access: 'user',
    summary: 'Whether the caller signs in with a second step',
    success: { status: 200, body: z.object({ enabled: z.boolean() }) },
    problems: [],
  }),
  setUpMfa: endpoint({
    id: 'auth.setUpMfa',
    method: 'post',
    path: '/v1/auth/mfa/setup',
    access: 'user',
    summary: 'A new secret for an authenticator application; in force only when a code of it was sent to `enable`',
    success: {
      status: 200,
      body: z.object({ secret: z.string(), uri: z.string().describe('`otpauth://totp/…`, for a QR code') }),
    },
    problems: ['auth.mfa_enabled', 'auth.mfa_unavailable'],
  }),
  enableMfa: endpoint({
    id: 'auth.enableMfa',
    method: 'post',
    path: '/v1/auth/mfa/enable',
    access: 'user',
    summary: 'Switch the second step on, with a code that shows that the application works',
    body: z.object({ code: TotpCode }),
    success: { status: 204, body: Nothing },
    problems: ['auth.code_wrong', 'auth.mfa_enabled', 'auth.mfa_unavailable'],
  }),
  disableMfa: endpoint({
    id: 'auth.disableMfa',
    method: 'post',
    path: '/v1/auth/mfa/disable',
    access: 'user',
    summary: 'Switch the second step off: a token alone must not, so password and a code are asked for',
    body: z.object({ password: z.string().min(1).max(256), code: TotpCode }),
    success: { status: 204, body: Nothing },
    problems: ['auth.credentials_wrong', 'auth.code_wrong', 'auth.code_used', 'auth.mfa_disabled'],
  }),
} as const;
