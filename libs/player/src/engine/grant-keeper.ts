/** The parts of a playback grant that a player lives on. */
export interface PlayerGrant {
  readonly hls: string;
  readonly dash: string;
  readonly poster: string | null;
  readonly storyboard: string | null;
  readonly sessionId: string;
  readonly sessionToken: string;
  /** ISO time. */
  readonly expiresAt: string;
}

/** Asks for a grant; `session` is the session that goes on. */
export type GrantSource = (session?: { sessionId: string; sessionToken: string }) => Promise<PlayerGrant>;

export interface KeeperClock {
  epoch(): number;
  after(ms: number, run: () => void): () => void;
}

const PREFIX = /^(https?:\/\/[^/]+\/t\/)([^/]+)(?=\/)/;
/** Below this, a timer would only be busy work. */
const SOONEST_MS = 5000;
const RETRY_MS = 15_000;
/** A timer may be late by a whole laptop lid; a request within this of the end gets a new grant first. */
const MARGIN_MS = 3000;

/**
 * Keeps a grant fresh: a new one at 80 % of the life of the old, or at once when a request was refused. Requests that were
 * addressed under an older grant are readdressed, so that playback goes on without noticing.
 */
export class GrantKeeper {
  #grant: PlayerGrant;
  #issuedAt: number;
  readonly #tokens = new Set<string>();
  #renewing: Promise<PlayerGrant> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(
    first: PlayerGrant,
    private readonly source: GrantSource,
    private readonly clock: KeeperClock,
  ) {
    this.#grant = first;
    this.#issuedAt = clock.epoch();
    this.#adopt(first);
  }

  get grant(): PlayerGrant {
    return this.#grant;
  }

  #adopt(grant: PlayerGrant): void {
    this.#grant = grant;
    this.#issuedAt = this.clock.epoch();
    for (const url of [grant.hls, grant.dash]) {
      const token = PREFIX.exec(url)?.[2];
      if (token) this.#tokens.add(token);
    }
    this.#plan(Math.max(SOONEST_MS, 0.8 * (Date.parse(grant.expiresAt) - this.#issuedAt)));
  }

  #plan(ms: number): void {
    this.#cancel?.();
    if (this.#closed || !Number.isFinite(ms)) return;
    // Timers hold 31 bits; a grant that lives longer needs no renewal within any session.
    this.#cancel = this.clock.after(
      Math.min(ms, 2 ** 31 - 1),
      () => void this.renew().catch(() => this.#plan(RETRY_MS)),
    );
  }

  /** A new grant for the same session; callers at the same time share one request. */
  renew(): Promise<PlayerGrant> {
    const { sessionId, sessionToken } = this.#grant;
    this.#renewing ??= this.source({ sessionId, sessionToken })
      .then((grant) => {
        this.#adopt(grant);
        return grant;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }

  /** The address under the present grant; addresses that carry none of our tokens are left as they are. */
  rewrite(url: string): string {
    const match = PREFIX.exec(url);
    const now = PREFIX.exec(this.#grant.hls);
    if (!match || !now || !this.#tokens.has(match[2]!) || match[1] !== now[1]) return url;
    return now[0] + url.slice(match[0].length);
  }

  /** {@link rewrite}, after renewing a grant that has run out (the machine slept, say). */
  async readdress(url: string): Promise<string> {
    if (Date.parse(this.#grant.expiresAt) - this.clock.epoch() < MARGIN_MS) await this.renew().catch(() => undefined);
    return this.rewrite(url);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }
}
