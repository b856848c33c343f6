import { lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { type LookupFunction, isIP } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { type WebhookAnswer, type WebhookMessage, type WebhookSender } from '../../domain/ports/webhook-sender';
import { isPublicAddress } from './address-guard';

/** Standard Webhooks: a receiver should answer within 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;

export interface HttpSenderOptions {
  /** Private addresses and plain HTTP, for a laptop and for tests. */
  readonly allowPrivate: boolean;
  readonly clock: () => Date;
  readonly timeoutMs?: number;
}

const privateAddress = (address: string) => new Error(`${address} is not a public address.`);

/** Looks a name up for a connection that is about to be made: the addresses that were checked are those that are connected to. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    const hidden = addresses?.find(({ address }) => !isPublicAddress(address));
    if (error || !first) callback(error ?? new Error(`${hostname} has no address.`), '');
    else if (hidden) callback(privateAddress(hidden.address), '');
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** The host of a URL as an address, when it is one. */
const addressIn = (url: URL): string | undefined => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) > 0 ? host : undefined;
};

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

export function createHttpSender({ allowPrivate, clock, timeoutMs = TIMEOUT_MS }: HttpSenderOptions): WebhookSender {
  const refusal = (text: string): string | undefined => {
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol)) return 'A webhook needs an http or https URL.';
    if (url.username !== '' || url.password !== '')
      return 'A webhook’s URL holds no credentials; its signature is the proof.';
    if (allowPrivate) return undefined;
    if (url.protocol !== 'https:') return 'A webhook needs an https URL.';
    const address = addressIn(url);
    if (address !== undefined && !isPublicAddress(address)) return privateAddress(address).message;
    if (/(^|\.)localhost\.?$/.test(url.hostname)) return 'localhost is not a public host.';
    return undefined;
  };

  const post = (
    url: URL,
    headers: http.OutgoingHttpHeaders,
    body: string,
    signal: AbortSignal,
  ): Promise<WebhookAnswer> =>
    new Promise((answered, failed) => {
      const { request } = url.protocol === 'https:' ? https : http;
      const sent = request(
        url,
        {
          method: 'POST',
          headers,
          agent: false,
          signal,
          ...(!allowPrivate && { lookup: guardedLookup }),
        },
        (answer) => {
          // Only the status matters; what else the receiver says is not read.
          answer.on('error', () => undefined).destroy();
          answered({
            status: answer.statusCode ?? 0,
            retryAfterMs: retryAfterMs(answer.headers['retry-after'], clock()),
          });
        },
      );
      sent.on('error', failed);
      sent.end(body);
    });

  return {
    refusal,
    async send({ url: text, secret, messageId, body }: WebhookMessage, stop?: AbortSignal) {
      const refused = refusal(text);
      if (refused !== undefined) return { status: null, error: refused };
      const now = clock();
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Kinora-Webhooks/1',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(messageId, now, body),
      };
      try {
        const timeout = AbortSignal.timeout(timeoutMs);
        return await post(new URL(text), headers, body, stop ? AbortSignal.any([stop, timeout]) : timeout);
      } catch (error) {
        const { name, message } = error as Error;
        const said =
          name === 'AbortError' || name === 'TimeoutError' ? `No answer within ${timeoutMs / 1000} s.` : message;
        return { status: null, error: said.slice(0, 500) };
      }
    },
  };
}
