import { type Role } from '@kinora/contracts-common';

/** Kinora's own record of a person; the provider's is the truth about roles, this one mirrors it. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  /** The role of new people has still to be given. */
  readonly rolePending: boolean;
  readonly rolesCheckedAt: Date;
  /** What the provider calls the person; the id unless it says otherwise. */
  readonly username: string;
  /** Shut out by an admin of Kinora. */
  readonly active: boolean;
  readonly createdAt: Date;
}

export interface UserRepository {
  find(id: string): Promise<User | undefined>;
  /** Adds the person unless known; answers with what is stored. */
  add(user: Pick<User, 'id' | 'email' | 'displayName' | 'roles' | 'rolePending' | 'username'>): Promise<User>;
  rename(id: string, displayName: string): Promise<User | undefined>;
  /** Records what the provider says now. */
  mirrorRoles(id: string, roles: readonly Role[]): Promise<void>;
  setActive(id: string, active: boolean): Promise<void>;
}
