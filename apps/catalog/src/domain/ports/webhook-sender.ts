export interface WebhookMessage {
  readonly url: string;
  readonly secret: string;
  /** `webhook-id`: the same for every try, so that the receiver can tell a repetition. */
  readonly messageId: string;
  /** JSON, exactly as it is signed and sent. */
  readonly body: string;
}

/** What came back: an answer, or why there was none. */
export type WebhookAnswer =
  { readonly status: number; readonly retryAfterMs: number | null } | { readonly status: null; readonly error: string };

export interface WebhookSender {
  /**
   * Sends one signed message within the time limit, without following redirects or reaching private addresses. Never throws; an aborted
   * one has no answer.
   */
  send(message: WebhookMessage, signal?: AbortSignal): Promise<WebhookAnswer>;
  /** Why a URL can't be a webhook's, in a sentence; undefined when it can. */
  refusal(url: string): string | undefined;
}
