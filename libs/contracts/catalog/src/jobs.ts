import { DeliveryId, GrantId, Timestamp, VideoId, defineEvent, defineJob } from '@kinora/contracts-common';
import { z } from 'zod';

/** A try of a webhook delivery is due. Catalog tells itself through its outbox, so that no retry depends on Redis keeping its memory. */
export const webhookDue = defineEvent({
  name: 'webhook.due.v1',
  data: z.object({
    deliveryId: DeliveryId,
    /** From 1. */
    attempt: z.int().positive(),
    notBefore: Timestamp,
  }),
  subscribers: ['catalog'],
});

/** One try of a webhook delivery. Which one makes a late or doubled job harmless. */
export const deliverWebhook = defineJob({
  queue: 'webhooks',
  name: 'webhook.deliver.v1',
  data: z.object({ deliveryId: DeliveryId, attempt: z.int().positive() }),
  result: z.undefined(),
  identity: ({ deliveryId, attempt }) => `${deliveryId}-${attempt}`,
  // What the receiver answers is no failure of the job: only our own outages are tried again here.
  policy: { attempts: 30, backoffMs: 1_000 },
});

/** A video changed or went away, and a search index outside the database has to follow. Carries no state: the consumer reads the row. */
export const videoIndexDue = defineEvent({
  name: 'video.index_due.v1',
  data: z.object({
    videoId: VideoId,
    revision: z.int().positive(),
    passages: z.boolean().default(false).describe('Its transcript was replaced'),
  }),
  subscribers: ['catalog'],
});

/** Grants were taken back, and CloudFront has to hear of it: one, or with null all of the video that there were. */
export const grantsRevoked = defineEvent({
  name: 'grants.revoked.v1',
  data: z.object({ videoId: VideoId, grantId: GrantId.nullable() }),
  subscribers: ['catalog'],
});
