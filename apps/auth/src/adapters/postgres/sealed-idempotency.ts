import { type IdempotencyStore } from '@kinora/service';
import { type KeyObject, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

const Sealed = z.object({ iv: z.base64(), tag: z.base64(), text: z.base64() });

/**
 * An idempotency store that keeps answers encrypted (AES-256-GCM): the answer to creating an API key holds its secret, which must not
 * lie in the database in the clear. The key is derived from one that auth has anyway.
 */
export function sealIdempotency(store: IdempotencyStore, master: KeyObject): IdempotencyStore {
  const key = Buffer.from(
    hkdfSync('sha256', master.export({ type: 'pkcs8', format: 'der' }), '', 'kinora idempotency', 32),
  );
  const seal = (id: string, value: unknown): z.output<typeof Sealed> => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: text.toString('base64') };
  };
  const open = (id: string, value: unknown): unknown => {
    const sealed = Sealed.parse(value);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64')).setAAD(Buffer.from(id));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return JSON.parse(
      Buffer.concat([decipher.update(Buffer.from(sealed.text, 'base64')), decipher.final()]).toString('utf8'),
    );
  };
  return {
    async claim(id, bodyHash) {
      const claim = await store.claim(id, bodyHash);
      if (claim.claimed || claim.reply === undefined || claim.reply === null) return claim;
      return { ...claim, reply: open(id, claim.reply) };
    },
    keep: (id, reply) => store.keep(id, seal(id, reply)),
    release: (id) => store.release(id),
  };
}
