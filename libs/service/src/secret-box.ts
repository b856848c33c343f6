import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type IdempotencyStore } from './idempotency';

/** Keeps secrets that must be read again, so hashing won't do. */
export interface SecretBox {
  /** Seals a text for one purpose: `bound` must be given again to open it. */
  seal(text: string, bound: string): string;
  /** @throws Error when the text was changed, or sealed for another purpose or with another key */
  open(sealed: string, bound: string): string;
}

/** AES-256-GCM with a key derived from `secret` by HKDF (RFC 5869) for the named use alone. */
export function createSecretBox(secret: string | Buffer, use: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secret, '', use, 32));
  return {
    seal(text, bound) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url')).join('.')}`;
    },
    open(sealed, bound) {
      const [version, nonce = '', tag = '', text = ''] = sealed.split('.');
      if (version !== 'v1') throw new Error('the secret was sealed in a way that this version does not know');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
        .setAAD(Buffer.from(bound))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(Buffer.from(text, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

/** An idempotency store for answers that hold a secret (a new API key, a webhook's): they are kept sealed. */
export const sealIdempotency = (store: IdempotencyStore, box: SecretBox): IdempotencyStore => ({
  async claim(id, bodyHash) {
    const claim = await store.claim(id, bodyHash);
    if (claim.claimed || typeof claim.reply !== 'string') return claim;
    return { ...claim, reply: JSON.parse(box.open(claim.reply, id)) as unknown };
  },
  keep: (id, reply) => store.keep(id, box.seal(JSON.stringify(reply), id)),
  release: (id) => store.release(id),
});
