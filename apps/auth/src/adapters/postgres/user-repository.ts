import { type Role } from '@kinora/contracts-common';
import { type Knex } from '@kinora/database';
import { type User, type UserRepository } from '../../domain/users';

interface Row {
  id: string;
  email: string;
  display_name: string;
  roles: Role[];
  role_pending: boolean;
  roles_checked_at: Date;
  username: string | null;
  active: boolean;
  created_at: Date;
}

const columns = [
  'id',
  'email',
  'display_name',
  'roles',
  'role_pending',
  'roles_checked_at',
  'username',
  'active',
  'created_at',
] as const;

const toUser = (row: Row): User => ({
  id: row.id,
  email: row.email,
  displayName: row.display_name,
  roles: row.roles,
  rolePending: row.role_pending,
  rolesCheckedAt: row.roles_checked_at,
  // Rows of before there was such a column are of people whose name is their id.
  username: row.username ?? row.id,
  active: row.active,
  createdAt: row.created_at,
});

export function createUserRepository(db: Knex): UserRepository {
  const find = async (id: string): Promise<User | undefined> => {
    const row = await db<Row>('users')
      .select(...columns)
      .where({ id })
      .first();
    return row && toUser(row);
  };
  return {
    find,
    async add(user) {
      const [row] = await db<Row>('users')
        .insert({
          id: user.id,
          email: user.email,
          display_name: user.displayName,
          roles: [...user.roles],
          role_pending: user.rolePending,
          username: user.username,
        })
        .onConflict('id')
        // An update that changes nothing, so that the row comes back either way.
        .merge(['id'])
        .returning(columns);
      if (!row) throw new Error('the user was not stored');
      return toUser(row);
    },
    async rename(id, displayName) {
      const [row] = await db<Row>('users').where({ id }).update({ display_name: displayName }).returning(columns);
      return row && toUser(row);
    },
    async mirrorRoles(id, roles) {
      await db('users')
        .where({ id })
        .update({ roles: [...roles], role_pending: false, roles_checked_at: db.fn.now() });
    },
    setActive: async (id, active) => void (await db('users').where({ id }).update({ active })),
  };
}
