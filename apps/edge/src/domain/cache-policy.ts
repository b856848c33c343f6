import { cacheControl, isManifest } from '@kinora/delivery';
import { type ObjectInfo } from '@kinora/storage';

/**
 * `Cache-Control` of an object. Of a media playlist and an MPD the text itself tells whether it may still grow; a
 * multivariant playlist doesn't tell, so it is held to grow unless its writer said otherwise.
 */
export function cacheControlOf(info: Pick<ObjectInfo, 'key' | 'cacheControl'>, text: Buffer | undefined): string {
  if (!isManifest(info.key)) return cacheControl.immutable;
  if (text === undefined) return cacheControl.openManifest;
  if (info.key.endsWith('.mpd'))
    return /<MPD\b[^>]*\btype="dynamic"/.test(text.toString('utf8', 0, 4096))
      ? cacheControl.openManifest
      : cacheControl.closedManifest;
  if (text.includes('#EXT-X-STREAM-INF')) return info.cacheControl ?? cacheControl.openManifest;
  return text.includes('#EXT-X-ENDLIST') ? cacheControl.closedManifest : cacheControl.openManifest;
}

/** A signature in cookies isn't in the cache key of a stranger's proxy, so nobody but the browser may keep the answer. */
export const privately = (policy: string): string => policy.replace('public', 'private');
