import { type WebhookEvent } from '@kinora/contracts-catalog';
import { type DeliveryEntry, type WebhookEntry } from '../../domain/ports/webhook-store';

export interface WebhookRow {
  id: string;
  owner_id: string;
  url: string;
  events: WebhookEvent[];
  active: boolean;
  disabled_reason: string | null;
  created_at: Date;
}
export const webhookColumns = ['id', 'owner_id', 'url', 'events', 'active', 'disabled_reason', 'created_at'] as const;

export const webhookOf = (row: WebhookRow): WebhookEntry => ({
  id: row.id,
  ownerId: row.owner_id,
  url: row.url,
  events: row.events,
  active: row.active,
  disabledReason: row.disabled_reason,
  createdAt: row.created_at,
});

export interface DeliveryRow {
  id: string;
  webhook_id: string;
  message_id: string;
  event: WebhookEvent;
  video_id: string | null;
  payload: unknown;
  state: DeliveryEntry['state'];
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: Date | null;
  created_at: Date;
}
export const deliveryColumns = [
  'id',
  'webhook_id',
  'message_id',
  'event',
  'video_id',
  'payload',
  'state',
  'attempts',
  'last_status',
  'last_error',
  'next_attempt_at',
  'created_at',
] as const satisfies readonly (keyof DeliveryRow)[];

export const deliveryOf = (row: DeliveryRow): DeliveryEntry => ({
  id: row.id,
  webhookId: row.webhook_id,
  messageId: row.message_id,
  event: row.event,
  videoId: row.video_id,
  payload: row.payload,
  state: row.state,
  attempts: row.attempts,
  lastStatus: row.last_status,
  lastError: row.last_error,
  nextAttemptAt: row.next_attempt_at,
  createdAt: row.created_at,
});

export const deliveryValues = (delivery: DeliveryEntry) => ({
  id: delivery.id,
  webhook_id: delivery.webhookId,
  message_id: delivery.messageId,
  event: delivery.event,
  video_id: delivery.videoId,
  payload: JSON.stringify(delivery.payload),
  state: delivery.state,
  attempts: delivery.attempts,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  next_attempt_at: delivery.nextAttemptAt,
  created_at: delivery.createdAt,
});
