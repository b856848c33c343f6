import { InvalidKey } from './errors';

const SEGMENT = /^[A-Za-z0-9._!*'()~+=@-]{1,200}$/;

/**
 * Refuses what can't be a key of ours, in the same way for every adapter: keys are chosen by the platform, so anything
 * outside S3's "safe characters" is an attack or a bug. Rules out traversal, absolute paths, NUL, percent-encoding,
 * empty segments, names longer than a file system takes (200 of 255 bytes) and keys over 900 of S3's 1,024 bytes.
 */
export function assertKey(key: string): string {
  const bad = key.length > 900 || key.split('/').some((part) => part === '.' || part === '..' || !SEGMENT.test(part));
  if (bad) throw new InvalidKey(`not a key: ${JSON.stringify(key.slice(0, 100))}`);
  return key;
}

/** As `assertKey`, for what `list` takes (empty, or a key, or a key and `/`). */
export function assertPrefix(prefix: string): string {
  if (prefix !== '') assertKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}

/** As `assertKey`, for `deletePrefix`: a prefix without the final `/` would also hit `vid_1` and `vid_10`. */
export function assertFolder(prefix: string): string {
  if (!prefix.endsWith('/'))
    throw new InvalidKey(`a prefix to delete must end in "/": ${JSON.stringify(prefix.slice(0, 100))}`);
  return assertPrefix(prefix);
}
