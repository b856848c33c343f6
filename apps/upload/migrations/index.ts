import { type Migration, idempotencyMigration, outboxMigration } from '@kinora/database';
import { uploads } from './0001-uploads';
import { watchedObjects } from './0002-watched-objects';

/** The schema `upload`, oldest step first. */
export const migrations: readonly Migration[] = [outboxMigration, idempotencyMigration, uploads, watchedObjects];
