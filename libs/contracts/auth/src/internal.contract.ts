import { Principal, Timestamp, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

export const EndedSessions = z.object({
  cursor: z.string(),
  people: z.array(
    z.object({
      userId: z.string(),
      sessionsUntil: Timestamp.nullable().describe('Sessions (`auth_time`) begun until this second are over'),
      tokensUntil: Timestamp.nullable().describe(
        'Tokens issued (`iat`) until this second are refused; a fresh one is not',
      ),
    }),
  ),
});
export type EndedSessions = z.output<typeof EndedSessions>;

/** What other services ask of auth. */
export const authInternalContract = {
  issueServiceToken: endpoint({
    id: 'auth.issueServiceToken',
    method: 'post',
    path: '/internal/v1/service-tokens',
    access: 'public',
    summary: 'A short-lived token for a service, in exchange for its secret',
    body: z.object({ service: z.string().min(1).max(40), secret: z.string().min(16).max(256) }),
    success: { status: 200, body: z.object({ token: z.string(), expiresIn: z.int() }) },
    problems: ['auth.credentials_wrong'],
  }),
  serviceKeys: endpoint({
    id: 'auth.serviceKeys',
    method: 'get',
    path: '/internal/v1/jwks.json',
    access: 'public',
    summary: 'The public keys of service tokens (RFC 7517)',
    success: { status: 200, body: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) },
    problems: [],
  }),
  verifyApiKey: endpoint({
    id: 'auth.verifyApiKey',
    method: 'post',
    path: '/internal/v1/api-keys/verify',
    access: 'service',
    summary: 'The principal behind an API key',
    body: z.object({ secret: z.string().min(1).max(200) }),
    success: { status: 200, body: Principal },
    problems: ['auth.api_key_refused'],
  }),
  listEndedSessions: endpoint({
    id: 'auth.listEndedSessions',
    method: 'get',
    path: '/internal/v1/ended-sessions',
    access: 'service',
    summary:
      'People some of whose access tokens are refused although they have not expired; those after `cursor` when given',
    query: z.object({ cursor: z.string().max(100).optional() }),
    success: { status: 200, body: EndedSessions },
    problems: [],
  }),
} as const;
