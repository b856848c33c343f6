import { type Migration, idempotencyMigration, outboxMigration } from '@kinora/database';
import { videosMigration } from './0001-videos';
import { searchMigration } from './0002-search';
import { playbackMigration } from './0003-playback';
import { webhooksMigration } from './0004-webhooks';
import { passagesMigration } from './0005-passages';
import { encodingsMigration } from './0006-encodings';

/** The whole schema of catalog, in order. */
export const migrations: readonly Migration[] = [
  outboxMigration,
  idempotencyMigration,
  videosMigration,
  searchMigration,
  playbackMigration,
  webhooksMigration,
  passagesMigration,
  encodingsMigration,
];
