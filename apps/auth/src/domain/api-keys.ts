import { DomainError, type Person, type Principal, type Scope, newId, notFound } from '@kinora/contracts-common';
import { createHash, randomBytes } from 'node:crypto';
import { type IdentityProvider } from './identity-provider';
import { type User, type UserRepository } from './users';

export interface StoredKey {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly prefix: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
}

export interface ApiKeyRepository {
  add(key: Omit<StoredKey, 'createdAt' | 'lastUsedAt'> & { readonly hash: string }): Promise<StoredKey>;
  /** Those neither revoked nor expired, newest first. */
  listOf(ownerId: string): Promise<StoredKey[]>;
  /** False when the owner has no such key (any more). */
  revoke(ownerId: string, id: string): Promise<boolean>;
  /** Only keys that may be used now. */
  findUsable(hash: string): Promise<StoredKey | undefined>;
  /** Notes a use, at most once a minute. */
  touch(id: string): Promise<void>;
}

export interface ApiKeyParts {
  readonly keys: ApiKeyRepository;
  readonly users: UserRepository;
  readonly provider: Pick<IdentityProvider, 'find'>;
  readonly onMishap: (error: unknown, what: string) => void;
  readonly now?: () => Date;
}

/** How long the mirror of a person's roles is believed when a key of theirs is used. */
const ROLES_FRESH_MS = 60_000;
const SECRET = /^knr_[\w-]{32}$/;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
const refused = () =>
  new DomainError('unauthenticated', 'auth.api_key_refused', 'The API key is unknown, expired or revoked.');

export type ApiKeys = ReturnType<typeof createApiKeys>;

/** Keys for programs. The secret has 192 random bits, so that a plain hash is enough to keep it safe. */
export function createApiKeys({ keys, users, provider, onMishap, now = () => new Date() }: ApiKeyParts) {
  /** The owner's roles as the provider has them; those last seen when it can't be asked. */
  const rolesOf = async (owner: User): Promise<User['roles']> => {
    if (now().getTime() - owner.rolesCheckedAt.getTime() < ROLES_FRESH_MS) return owner.roles;
    const account = await provider.find(owner.username).catch((error: unknown) => {
      onMishap(error, 'looking up the owner of an API key');
      return 'unknown' as const;
    });
    if (account === 'unknown') return owner.roles;
    if (!account?.enabled) throw refused();
    await users.mirrorRoles(owner.id, account.roles);
    return account.roles;
  };

  return {
    async create(caller: Person, wish: { name: string; scopes: readonly Scope[]; expiresAt?: string | undefined }) {
      const expiresAt = wish.expiresAt === undefined ? undefined : new Date(wish.expiresAt);
      if (expiresAt && expiresAt <= now())
        throw new DomainError('invalid', 'request.invalid', 'expiresAt lies in the past.', {
          errors: [{ field: 'body.expiresAt', message: 'lies in the past' }],
        });
      const secret = `knr_${randomBytes(24).toString('base64url')}`;
      const key = await keys.add({
        id: newId('key'),
        ownerId: caller.userId,
        name: wish.name,
        scopes: [...new Set(wish.scopes)],
        prefix: secret.slice(0, 10),
        expiresAt,
        hash: hashOf(secret),
      });
      return { key, secret };
    },
    list: (caller: Person) => keys.listOf(caller.userId),
    async revoke(caller: Person, id: string): Promise<void> {
      if (!(await keys.revoke(caller.userId, id))) throw notFound('api_key.not_found', 'There is no such API key.');
    },
    /** @throws `auth.api_key_refused` */
    async verify(secret: string): Promise<Extract<Principal, { kind: 'api-key' }>> {
      const key = SECRET.test(secret) ? await keys.findUsable(hashOf(secret)) : undefined;
      const owner = key && (await users.find(key.ownerId));
      if (!key || !owner?.active) throw refused();
      const roles = await rolesOf(owner);
      await keys.touch(key.id);
      return {
        kind: 'api-key',
        keyId: key.id,
        userId: owner.id,
        roles: roles.length > 0 ? [...roles] : ['viewer'],
        scopes: [...key.scopes],
      };
    },
  };
}
