import { z } from 'zod';

export const Role = z.enum(['viewer', 'creator', 'admin']);
export type Role = z.output<typeof Role>;

/** What an API key may do; a person's token carries all of them, limited by the person's roles. */
export const Scope = z.enum(['videos:read', 'videos:write', 'uploads:write', 'analytics:read', 'webhooks:write']);
export type Scope = z.output<typeof Scope>;

/** Who calls, as every service sees it after authentication. */
export const Principal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), userId: z.string(), roles: z.array(Role) }),
  z.object({
    kind: z.literal('api-key'),
    keyId: z.string(),
    userId: z.string(),
    roles: z.array(Role),
    scopes: z.array(Scope),
  }),
  z.object({ kind: z.literal('service'), service: z.string() }),
]);
export type Principal = z.output<typeof Principal>;
/** A principal that acts for a person. */
export type Person = Exclude<Principal, { kind: 'service' }>;
