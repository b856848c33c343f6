import { type Sent, type Transport } from './recorder';

/** Reads an answer of the collector: 410 ends the session, 429 and 5xx come again, other refusals will not get better. */
export function outcomeOf(status: number, retryAfter: string | null): Sent {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 429 || status >= 500 || status === 408) {
    const seconds = Number(retryAfter ?? Number.NaN);
    return Number.isFinite(seconds) && seconds >= 0 ? { kind: 'retry', afterMs: seconds * 1000 } : { kind: 'retry' };
  }
  return { kind: 'stop' };
}

/**
 * Posts beacons to the collector. When the page goes away: `keepalive`, or `sendBeacon` where that is refused
 * (its quota of 64 kB is shared by everything in flight).
 * @param token asked anew for each batch, since it is renewed with the grant
 */
export function beaconTransport(url: string, token: () => string): Transport {
  return async (beacons, leaving) => {
    const body = JSON.stringify({ sessionToken: token(), beacons });
    const blob = () => navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        keepalive: leaving,
        credentials: 'omit',
      });
      return outcomeOf(response.status, response.headers.get('retry-after'));
    } catch {
      return leaving && blob() ? { kind: 'taken' } : { kind: 'retry' };
    }
  };
}
