import { type Scope } from '@kinora/contracts-common';
import { type Knex } from '@kinora/database';
import { type ApiKeyRepository, type StoredKey } from '../../domain/api-keys';

interface Row {
  id: string;
  owner_id: string;
  name: string;
  scopes: Scope[];
  prefix: string;
  hash: string;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
}

const columns = ['id', 'owner_id', 'name', 'scopes', 'prefix', 'created_at', 'last_used_at', 'expires_at'] as const;

const toKey = (row: Omit<Row, 'hash'>): StoredKey => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  scopes: row.scopes,
  prefix: row.prefix,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at ?? undefined,
  expiresAt: row.expires_at ?? undefined,
});

export function createApiKeyRepository(db: Knex): ApiKeyRepository {
  const usable = () =>
    db<Row>('api_keys')
      .select(...columns)
      .whereNull('revoked_at')
      .whereRaw('(expires_at is null or expires_at > now())');
  return {
    async add(key) {
      const [row] = await db<Row>('api_keys')
        .insert({
          id: key.id,
          owner_id: key.ownerId,
          name: key.name,
          scopes: [...key.scopes],
          prefix: key.prefix,
          hash: key.hash,
          expires_at: key.expiresAt ?? null,
        })
        .returning(columns);
      if (!row) throw new Error('the key was not stored');
      return toKey(row);
    },
    listOf: async (ownerId) => (await usable().where({ owner_id: ownerId }).orderBy('created_at', 'desc')).map(toKey),
    async revoke(ownerId, id) {
      const count = await db('api_keys')
        .where({ id, owner_id: ownerId })
        .whereNull('revoked_at')
        .update({ revoked_at: db.fn.now() });
      return count > 0;
    },
    async findUsable(hash) {
      const row = await usable().where({ hash }).first();
      return row && toKey(row);
    },
    async touch(id) {
      await db('api_keys')
        .where({ id })
        .whereRaw("(last_used_at is null or last_used_at < now() - interval '1 minute')")
        .update({ last_used_at: db.fn.now() });
    },
  };
}
