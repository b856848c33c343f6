import { type IdempotencyStore } from '@kinora/service';
import { type SecretBox } from './secret-box';

/** An idempotency store for answers that hold a secret: they are kept sealed. */
export const sealedIdempotency = (store: IdempotencyStore, box: SecretBox): IdempotencyStore => ({
  async claim(id, bodyHash) {
    const claim = await store.claim(id, bodyHash);
    if (claim.claimed || typeof claim.reply !== 'string') return claim;
    return { ...claim, reply: JSON.parse(box.open(claim.reply, id)) as unknown };
  },
  keep: (id, reply) => store.keep(id, box.seal(JSON.stringify(reply), id)),
  release: (id) => store.release(id),
});
