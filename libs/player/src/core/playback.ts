import { type Recorder } from '../beacons/recorder';
import { EngineFault, noTracks, type Engine, type EngineEvents, type Fault } from '../engine/engine';
import { GrantKeeper, type GrantSource } from '../engine/grant-keeper';
import { watchLadder } from '../engine/ladder-watch';
import { nativeEngine, playsNatively } from '../engine/native-engine';
import { explain, noAttempts, remedyFor, retryDelay, type Attempts, type Remedy } from '../engine/recovery';
import { shakaEngine } from '../engine/shaka-engine';
import { type PlayerState, type Store } from './state';

export interface PlaybackOptions {
  readonly grant: GrantSource;
  readonly protocol: 'hls' | 'dash';
  readonly startAt: number;
}

/** Playback has recovered when it went on for this long; the ladder then starts at its first step again. */
const RECOVERED_S = 10;
/** Requests of picture and sound are refused together; the second refusal must not fetch a second grant. */
const JUST_RENEWED_MS = 3000;

const unsupported: Fault = { kind: 'unsupported', code: 'browser.no_mse', fatal: true };
const unexpected: Fault = { kind: 'other', code: 'engine.unexpected', fatal: true };

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

/** One playback of one video: its grant, its engine, and what is done about faults. */
export class Playback {
  #keeper: GrantKeeper | undefined;
  #engine: Engine | undefined;
  #tried: Attempts = noAttempts;
  #faultAt = 0;
  #native = false;
  #healing = false;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #unwatch: (() => void) | undefined;
  readonly #ended = new AbortController();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly store: Store<PlayerState>,
    private readonly recorder: Recorder,
    private readonly options: PlaybackOptions,
  ) {}

  get engine(): Engine | undefined {
    return this.#engine;
  }

  get sessionToken(): string | undefined {
    return this.#keeper?.grant.sessionToken;
  }

  get #over(): boolean {
    return this.#ended.signal.aborted;
  }

  async start(at = this.options.startAt): Promise<void> {
    this.store.set({ status: 'loading', failure: undefined });
    try {
      const grant = await this.options.grant();
      if (this.#over) return;
      this.#keeper = new GrantKeeper(grant, this.options.grant, {
        epoch: () => Date.now(),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      });
      this.store.set({ storyboard: grant.storyboard });
    } catch (error) {
      this.#refused(error);
      return;
    }
    await this.#load(at);
  }

  /** Asks for the grant again and starts from the same place: the button under an error. */
  async restart(): Promise<void> {
    this.#tried = noAttempts;
    this.#keeper?.close();
    await this.#dropEngine();
    await this.start(this.video.currentTime);
    this.#resume(true);
  }

  /**
   * Goes to a place that the media element does not know of yet. While an HLS EVENT playlist grows, shaka 5.2 leaves the
   * element's duration at the end of the buffer, and the element refuses to seek beyond its duration; loading anew takes
   * the length of the playlist as it is now.
   */
  async jump(to: number): Promise<void> {
    this.recorder.record({ type: 'seeking', position: this.video.currentTime });
    await this.#loadAnew(to);
  }

  /** What is published now, from `at` on, in the engine that is there. */
  async #loadAnew(at: number): Promise<void> {
    const [engine, keeper] = [this.#engine, this.#keeper];
    if (!engine || !keeper || this.#healing) return;
    const { playing } = this.store.get();
    this.store.set({ buffering: true });
    try {
      await engine.load(engine.name === 'shaka-dash' ? keeper.grant.dash : keeper.grant.hls, at);
    } catch (error) {
      await this.#heal(error instanceof EngineFault ? { ...error.fault, fatal: true } : unexpected);
      return;
    }
    this.store.set({ buffering: false });
    this.#resume(playing);
  }

  /** Tells that the playhead moved; enough of it and earlier faults are forgotten. */
  advanced(position: number): void {
    if (this.#tried !== noAttempts && Math.abs(position - this.#faultAt) > RECOVERED_S) this.#tried = noAttempts;
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#keeper?.close();
    await this.#dropEngine();
  }

  async #dropEngine(): Promise<void> {
    this.#unwatch?.();
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.destroy().catch(() => undefined);
  }

  async #makeEngine(): Promise<Engine> {
    const readdress = (url: string) => this.#keeper?.readdress(url) ?? Promise.resolve(url);
    const events: EngineEvents = {
      tracks: (tracks) => this.store.set({ tracks }),
      fault: (fault) => void this.#heal(fault),
    };
    const engine = this.#native ? undefined : await shakaEngine(this.video, this.options.protocol, readdress, events);
    if (engine) return engine;
    if (playsNatively(this.video)) return nativeEngine(this.video, readdress, events);
    throw new EngineFault(unsupported);
  }

  async #load(at: number): Promise<void> {
    const keeper = this.#keeper;
    if (!keeper) return;
    try {
      const engine = await this.#makeEngine();
      if (this.#over) {
        await engine.destroy();
        return;
      }
      this.#engine = engine;
      const { hls, dash } = keeper.grant;
      await engine.load(engine.name === 'shaka-dash' ? dash : hls, at);
      if (this.#over || this.#engine !== engine) return;
      this.store.set({ status: 'ready', failure: undefined, offline: false });
      if (engine.growing()) this.#unwatch = this.#watchLadder(engine, keeper);
    } catch (error) {
      if (!this.#over) await this.#heal(error instanceof EngineFault ? { ...error.fault, fatal: true } : unexpected);
    }
  }

  #watchLadder(engine: Engine, keeper: GrantKeeper): () => void {
    const { video } = this;
    return watchLadder(
      {
        async published() {
          const answer = await fetch(await keeper.readdress(keeper.grant.hls));
          return answer.ok ? ((await answer.text()).match(/^#EXT-X-STREAM-INF:/gm)?.length ?? 0) : 0;
        },
        known: () => this.store.get().tracks.rungs.length,
        growing: () => engine.growing(),
        still: () => video.paused || video.seeking || this.store.get().buffering,
        reload: () => this.#loadAnew(video.currentTime),
      },
      (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    );
  }

  #resume(playing: boolean): void {
    // A browser may refuse to play without a press; the person then sees the play button.
    if (playing && this.store.get().status === 'ready') void this.video.play().catch(() => undefined);
  }

  async #heal(fault: Fault): Promise<void> {
    if (this.#over) return;
    this.recorder.record({ type: 'error', code: fault.code, fatal: false });
    if (!fault.fatal || this.#healing) return;
    this.#healing = true;
    this.#faultAt = this.video.currentTime;
    const remedy = remedyFor(fault, this.#tried, {
      online: navigator.onLine,
      nativePlays: !this.#native && playsNatively(this.video),
    });
    if (remedy !== 'wait-online' && remedy !== 'fail')
      this.#tried = { ...this.#tried, [remedy]: this.#tried[remedy] + 1 };
    try {
      await this.#apply(remedy, fault);
    } finally {
      this.#healing = false;
    }
  }

  async #apply(remedy: Remedy, fault: Fault): Promise<void> {
    switch (remedy) {
      case 'wait-online':
        this.store.set({ offline: true });
        await new Promise<void>((resolve) => {
          window.addEventListener('online', () => resolve(), { once: true, signal: this.#ended.signal });
        });
        this.store.set({ offline: false });
        return this.#again();
      case 'retry':
        await wait(retryDelay(this.#tried.retry - 1), this.#ended.signal);
        return this.#again();
      case 'renew':
        if (performance.now() - this.#renewedAt < JUST_RENEWED_MS) {
          this.#tried = { ...this.#tried, renew: this.#tried.renew - 1 };
          await wait(retryDelay(0), this.#ended.signal);
          return this.#again();
        }
        try {
          await this.#keeper?.renew();
          this.#renewedAt = performance.now();
        } catch (error) {
          return this.#refused(error);
        }
        return this.#again();
      case 'reload':
        return this.#reload();
      case 'native':
        this.#native = true;
        return this.#reload();
      case 'fail':
        this.#fail({ code: fault.code, message: explain(fault) });
    }
  }

  /** Lets a loaded engine go on; an engine that never loaded, or can't go on, is made anew. */
  async #again(): Promise<void> {
    if (this.#over) return;
    const loaded = this.store.get().status === 'ready';
    if (!(loaded && this.#engine?.retry())) await this.#reload();
  }

  async #reload(): Promise<void> {
    if (this.#over) return;
    const { playing } = this.store.get();
    const at = Math.max(this.video.currentTime, this.#faultAt);
    await this.#dropEngine();
    this.store.set({ status: 'loading', tracks: noTracks });
    // A fault of this load climbs the ladder further, so the present step is over first.
    this.#healing = false;
    await this.#load(at);
    this.#resume(playing);
  }

  #refused(error: unknown): void {
    const { code, message } = error as { code?: unknown; message?: unknown };
    this.#fail({
      code: typeof code === 'string' ? code : 'grant.unavailable',
      message:
        typeof code === 'string' && typeof message === 'string'
          ? message
          : 'Permission to play could not be fetched. Check your network and try again.',
    });
  }

  #fail(failure: { code: string; message: string }): void {
    if (this.#over) return;
    this.recorder.record({ type: 'error', code: failure.code, fatal: true });
    this.store.set({ status: 'failed', failure, buffering: false });
  }
}
