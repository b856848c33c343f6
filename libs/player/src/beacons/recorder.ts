import { type BeaconInput, type Dimensions } from '@kinora/contracts-analytics';
import { newSession, reduce, snapshot, type Session, type SessionEvent } from './session';

/** How a batch left: taken, to be tried again (after so many ms), or never to be tried again in this session. */
export type Sent =
  { readonly kind: 'taken' } | { readonly kind: 'retry'; readonly afterMs?: number } | { readonly kind: 'stop' };

/** Sends beacons. `leaving`: the page goes away, so use what survives that. Must not throw; if it does, that is a retry. */
export type Transport = (beacons: BeaconInput[], leaving: boolean) => Promise<Sent>;

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  epoch(): number;
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Happening = Without<SessionEvent, 'at'>;

const COALESCE_MS = 1000;
const FIRST_MINUTE_MS = 60_000;
/** Heartbeat: every 10 s in the first minute, then every 30 s. */
const heartbeat = (mono: number) => (mono < FIRST_MINUTE_MS ? 10_000 : 30_000);

const SPEAKS: readonly string[] = ['intent', 'playing', 'waiting', 'paused', 'ended', 'seeking', 'seeked', 'error'];

/**
 * Keeps one session and reports it. A beacon is the whole session so far, so there is no queue: after a failure the next
 * snapshot says it all. It never throws and never makes playback wait.
 */
export class Recorder {
  #session: Session = newSession();
  readonly #origin: number;
  #sn = 0;
  #stopped = false;
  #sending = false;
  #again = false;
  #cancel: (() => void) | undefined;
  #due = Number.POSITIVE_INFINITY;
  #failures = 0;

  constructor(
    private readonly transport: Transport,
    private readonly dimensions: Dimensions,
    private readonly clock: Clock = systemClock,
  ) {
    this.#origin = clock.now();
  }

  get session(): Session {
    return this.#session;
  }

  #mono(): number {
    return Math.max(0, this.clock.now() - this.#origin);
  }

  /** Notes an event that happens now. */
  record(event: Happening): void {
    if (this.#stopped) return;
    const before = this.#session;
    this.#session = reduce(before, { ...event, at: this.#mono() });
    if (this.#session.intentAt === undefined) return; // nobody asked to play yet: nothing to tell
    if (SPEAKS.includes(event.type) && (before.phase !== this.#session.phase || event.type === 'error'))
      this.#plan(COALESCE_MS);
    else if (this.#due === Number.POSITIVE_INFINITY) this.#plan(heartbeat(this.#mono()));
  }

  /** Reports at once, in a way that survives the page; `quit` says that the viewer has left. */
  flush(quit = false): void {
    if (this.#stopped || this.#session.intentAt === undefined) return;
    void this.#send(true, quit);
  }

  /** Ends the recording with a last report. */
  stop(): void {
    this.flush(true);
    this.#stopped = true;
    this.#cancel?.();
  }

  #plan(ms: number): void {
    const due = this.clock.now() + ms;
    if (due >= this.#due) return;
    this.#cancel?.();
    this.#due = due;
    this.#cancel = this.clock.after(ms, () => {
      this.#due = Number.POSITIVE_INFINITY;
      void this.#send(false, false);
    });
  }

  async #send(leaving: boolean, quit: boolean): Promise<void> {
    if (this.#stopped) return;
    if (this.#sending && !leaving) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    const sn = this.#sn++;
    const beacon = snapshot(this.#session, {
      sn,
      ts: this.clock.epoch(),
      mono: this.#mono(),
      quit,
      // Repeated for the first minute, in case the first beacon is the one that gets lost.
      ...((sn === 0 || this.#mono() < FIRST_MINUTE_MS) && { dimensions: this.dimensions }),
    });
    const outcome = await this.transport([beacon], leaving).catch((): Sent => ({ kind: 'retry' }));
    this.#sending = false;
    this.#settle(outcome);
  }

  #settle(outcome: Sent): void {
    if (outcome.kind === 'stop') {
      this.#stopped = true;
      this.#cancel?.();
      return;
    }
    if (outcome.kind === 'retry') {
      this.#failures += 1;
      const backoff = Math.min(60_000, 2000 * 2 ** Math.min(this.#failures, 5)) * (0.75 + Math.random() / 2);
      this.#plan(outcome.afterMs ?? backoff);
      return;
    }
    this.#failures = 0;
    if (this.#again) this.#plan(COALESCE_MS);
    else if (this.#moving()) this.#plan(heartbeat(this.#mono()));
    this.#again = false;
  }

  /** A paused or ended session has nothing new to say until something happens. */
  #moving(): boolean {
    return ['starting', 'playing', 'rebuffering', 'seeking'].includes(this.#session.phase);
  }
}
