import { DeliveryId, Nothing, PageQuery, Timestamp, WebhookId, endpoint, page } from '@kinora/contracts-common';
import { z } from 'zod';

export const WebhookEvent = z.enum([
  'video.created',
  'video.updated',
  'video.deleted',
  'upload.completed',
  'upload.ended',
  'encoding.started',
  'video.playable',
  'video.ready',
  'video.failed',
  'webhook.test',
]);
export type WebhookEvent = z.output<typeof WebhookEvent>;

export const Webhook = z
  .object({
    id: WebhookId,
    url: z.url(),
    events: z.array(WebhookEvent).describe('Empty: all'),
    active: z.boolean(),
    disabledReason: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.output<typeof Webhook>;

export const WebhookDelivery = z
  .object({
    id: DeliveryId,
    messageId: z.string().describe('The webhook-id header; the same for every attempt'),
    event: WebhookEvent,
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    nextAttemptAt: Timestamp.nullable(),
    createdAt: Timestamp,
    payload: z.unknown(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.output<typeof WebhookDelivery>;

const ById = z.object({ webhookId: WebhookId });

export const webhooksContract = {
  createWebhook: endpoint({
    id: 'catalog.createWebhook',
    method: 'post',
    path: '/v1/webhooks',
    access: 'user',
    scope: 'webhooks:write',
    idempotent: true,
    summary: 'Be told of events by signed POSTs (Standard Webhooks); the secret is shown only here',
    body: z.object({ url: z.url({ protocol: /^https?$/ }).max(2000), events: z.array(WebhookEvent).default([]) }),
    success: { status: 201, body: Webhook.extend({ secret: z.string().describe('whsec_…') }) },
    problems: ['webhook.url_refused', 'webhook.too_many'],
  }),
  listWebhooks: endpoint({
    id: 'catalog.listWebhooks',
    method: 'get',
    path: '/v1/webhooks',
    access: 'user',
    scope: 'webhooks:write',
    summary: 'Own webhooks',
    success: { status: 200, body: z.object({ items: z.array(Webhook) }) },
    problems: [],
  }),
  deleteWebhook: endpoint({
    id: 'catalog.deleteWebhook',
    method: 'delete',
    path: '/v1/webhooks/{webhookId}',
    access: 'user',
    scope: 'webhooks:write',
    summary: 'Remove a webhook',
    params: ById,
    success: { status: 204, body: Nothing },
    problems: ['webhook.not_found'],
  }),
  testWebhook: endpoint({
    id: 'catalog.testWebhook',
    method: 'post',
    path: '/v1/webhooks/{webhookId}/test',
    access: 'user',
    scope: 'webhooks:write',
    summary: 'Send a webhook.test event',
    params: ById,
    success: { status: 202, body: WebhookDelivery },
    problems: ['webhook.not_found'],
  }),
  listDeliveries: endpoint({
    id: 'catalog.listDeliveries',
    method: 'get',
    path: '/v1/webhooks/{webhookId}/deliveries',
    access: 'user',
    scope: 'webhooks:write',
    summary: 'What was sent, and what came back, newest first',
    params: ById,
    query: PageQuery,
    success: { status: 200, body: page(WebhookDelivery) },
    problems: ['webhook.not_found', 'request.cursor_invalid'],
  }),
  replayDelivery: endpoint({
    id: 'catalog.replayDelivery',
    method: 'post',
    path: '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
    access: 'user',
    scope: 'webhooks:write',
    summary: 'Send a delivery again',
    params: ById.extend({ deliveryId: DeliveryId }),
    success: { status: 202, body: WebhookDelivery },
    problems: ['webhook.not_found', 'delivery.not_found'],
  }),
} as const;
