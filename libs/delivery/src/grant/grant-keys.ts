/** HMAC keys of path tokens. Several are valid at once, so that keys can be rotated without stopping playback. */
export interface GrantKeys {
  /** Signs new tokens. */
  readonly signing: { readonly kid: string; readonly secret: Buffer };
  /** Verifies, by key id. Holds the signing key too. */
  readonly all: ReadonlyMap<string, Buffer>;
}

/**
 * Reads `GRANT_KEYS`: JSON `{"kid": "base64 secret", …}`; the first signs. Key ids are 1–16 of `[A-Za-z0-9_-]`, secrets
 * 32 bytes or more. @throws Error that says what is wrong without repeating a secret.
 */
export function parseGrantKeys(json: string): GrantKeys {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('grant keys must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('grant keys must be an object of key ids and base64 secrets');
  const all = new Map<string, Buffer>();
  for (const [kid, text] of Object.entries(value)) {
    const secret = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0);
    if (!/^[A-Za-z][\w-]{0,15}$/.test(kid))
      throw new Error('a grant key id must be a letter and up to 15 letters, digits, "_" or "-"');
    if (secret.length < 32) throw new Error(`the secret of grant key ${kid} must be 32 bytes or more in base64`);
    all.set(kid, secret);
  }
  const [first] = all;
  if (!first) throw new Error('at least one grant key is needed');
  return { signing: { kid: first[0], secret: first[1] }, all };
}

/**
 * The keys after another reading of where they are kept. All that were read verify at once; but a key signs only when the
 * reading before had it too, because by then whoever verifies, and reads as often, has it as well.
 */
export function rotated(before: GrantKeys, read: GrantKeys): GrantKeys {
  const stays = !before.all.has(read.signing.kid) && read.all.has(before.signing.kid);
  return stays ? { signing: before.signing, all: read.all } : read;
}
