import { type Migration, idempotencyMigration } from '@kinora/database';
import { users } from './0001-users';
import { apiKeys } from './0002-api-keys';
import { sessions } from './0003-sessions';

/** The schema `auth`, oldest step first. */
export const migrations: readonly Migration[] = [idempotencyMigration, users, apiKeys, sessions];
