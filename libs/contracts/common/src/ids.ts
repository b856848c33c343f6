import { ulid } from 'ulid';
import { z } from 'zod';

export type IdPrefix = 'vid' | 'upl' | 'enc' | 'evt' | 'key' | 'whk' | 'dlv' | 'grt' | 'ses' | 'chn' | 'req';

/** A schema for ids such as `vid_01J…`: a prefix and a ULID in Crockford's base 32. */
const prefixed = <const P extends IdPrefix>(prefix: P) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), `expected an id that starts with ${prefix}_`);

export const VideoId = prefixed('vid');
export const UploadId = prefixed('upl');
export const EncodingId = prefixed('enc');
export const EventId = prefixed('evt');
export const ApiKeyId = prefixed('key');
export const WebhookId = prefixed('whk');
export const DeliveryId = prefixed('dlv');
export const GrantId = prefixed('grt');
export const SessionId = prefixed('ses');
export const ChannelId = prefixed('chn');
/** Cognito's `sub`. */
export const UserId = z.string().min(1).max(128);

const pool = new Uint8Array(4_096);
let used = pool.length;

/** Random numbers in [0, 1) for ULID, drawn from the platform's generator by the block: one call per number costs more than the rest of a request. */
function random(): number {
  if (used === pool.length) {
    globalThis.crypto.getRandomValues(pool);
    used = 0;
  }
  return (pool[used++] ?? 0) / 256;
}

/** A new id; later ones sort after earlier ones (to the millisecond). */
export const newId = (prefix: IdPrefix, at?: number): string => `${prefix}_${ulid(at, random)}`;
