import { type WebhookEvent } from '@kinora/contracts-catalog';

export interface WebhookEntry {
  readonly id: string;
  readonly ownerId: string;
  readonly url: string;
  /** Empty: all. */
  readonly events: readonly WebhookEvent[];
  readonly active: boolean;
  readonly disabledReason: string | null;
  readonly createdAt: Date;
}

export interface DeliveryEntry {
  readonly id: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly event: WebhookEvent;
  readonly videoId: string | null;
  readonly payload: unknown;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
}

export interface DueDelivery {
  readonly delivery: DeliveryEntry;
  readonly webhook: WebhookEntry;
  readonly secret: string;
}

/** What became of a try. */
export interface AttemptResult {
  readonly status: number | null;
  readonly error: string | null;
  readonly next:
    | { readonly state: 'delivered' }
    | { readonly state: 'failed'; readonly disable?: string }
    | { readonly state: 'pending'; readonly at: Date };
}

export interface WebhookStore {
  /** The secret is kept sealed, and never read but to sign. */
  insert(webhook: WebhookEntry, secret: string): Promise<void>;
  count(ownerId: string): Promise<number>;
  list(ownerId: string): Promise<WebhookEntry[]>;
  find(ownerId: string, id: string): Promise<WebhookEntry | undefined>;
  /** Its deliveries go with it, also those that are pending. False when the owner has no such webhook. */
  remove(ownerId: string, id: string): Promise<boolean>;
  listDeliveries(webhookId: string, page: { before: string | undefined; limit: number }): Promise<DeliveryEntry[]>;
  findDelivery(webhookId: string, id: string): Promise<DeliveryEntry | undefined>;
  /** Records a pending delivery and makes its first try due. */
  addDelivery(delivery: DeliveryEntry): Promise<void>;
  due(deliveryId: string): Promise<DueDelivery | undefined>;
  /** Records a try, and makes the next one due if there is one. Does nothing when this try is recorded already. */
  record(deliveryId: string, attempt: number, result: AttemptResult): Promise<void>;
}
