import { type Migration, outboxMigration } from '@kinora/database';
import { encodings } from './0001-encodings';
import { engines } from './0002-engines';
import { estimates } from './0003-estimates';
import { counts } from './0004-counts';

/** The schema of transcode, in order. */
export const migrations: readonly Migration[] = [outboxMigration, encodings, engines, estimates, counts];
