import { ApiKeyId, Nothing, Scope, Timestamp, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';

export const ApiKey = z
  .object({
    id: ApiKeyId,
    name: z.string(),
    scopes: z.array(Scope),
    prefix: z.string().describe('The first characters of the secret, to tell keys apart'),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
    expiresAt: Timestamp.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.output<typeof ApiKey>;

export const apiKeysContract = {
  createApiKey: endpoint({
    id: 'auth.createApiKey',
    method: 'post',
    path: '/v1/api-keys',
    access: 'user',
    idempotent: true,
    summary: 'Create an API key; its secret is shown only in this answer',
    body: z.object({
      name: z.string().trim().min(1).max(80),
      scopes: z.array(Scope).min(1),
      expiresAt: Timestamp.optional(),
    }),
    success: { status: 201, body: ApiKey.extend({ secret: z.string() }) },
    problems: [],
  }),
  listApiKeys: endpoint({
    id: 'auth.listApiKeys',
    method: 'get',
    path: '/v1/api-keys',
    access: 'user',
    summary: 'The API keys of the caller',
    success: { status: 200, body: z.object({ items: z.array(ApiKey) }) },
    problems: [],
  }),
  deleteApiKey: endpoint({
    id: 'auth.deleteApiKey',
    method: 'delete',
    path: '/v1/api-keys/{keyId}',
    access: 'user',
    summary: 'Revoke an API key; refused everywhere within 30 seconds',
    params: z.object({ keyId: ApiKeyId }),
    success: { status: 204, body: Nothing },
    problems: ['api_key.not_found'],
  }),
} as const;
