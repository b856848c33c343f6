import { type Dimensions } from '@kinora/contracts-analytics';
import { beaconTransport, bindVideo, dimensionsOf, Recorder, type Transport } from '../beacons';
import { type GrantSource } from '../engine/grant-keeper';
import { type Command } from './hotkeys';
import { Playback } from './playback';
import { initialState, SPEEDS, Store, type PlayerState } from './state';
import { clock, rungName } from './words';

export interface OpenOptions {
  readonly grant: GrantSource;
  /** Defaults to HLS. */
  readonly protocol?: 'hls' | 'dash';
  /** Length from the catalogue: the bar has its final scale while the video is still growing. */
  readonly durationMs?: number | null;
  /** Where beacons go; nothing is measured without. */
  readonly beaconUrl?: string | undefined;
  readonly dimensions?: Dimensions;
  readonly startAt?: number;
}

const VOLUME_KEY = 'kinora.volume';
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function storedVolume(): { volume: number; muted: boolean } {
  try {
    const parsed = JSON.parse(localStorage.getItem(VOLUME_KEY) ?? '{}') as { volume?: unknown; muted?: unknown };
    return { volume: typeof parsed.volume === 'number' ? clamp(parsed.volume, 0, 1) : 1, muted: parsed.muted === true };
  } catch {
    return { volume: 1, muted: false };
  }
}

/**
 * What stands between the media element and the controls: the element's events become state, the controls' wishes become
 * calls. Has no view of its own; `open` may be called again after the function that it returned.
 */
export class PlayerController {
  readonly store = new Store<PlayerState>(initialState);
  #video: HTMLVideoElement | undefined;
  #root: HTMLElement | undefined;
  #playback: Playback | undefined;
  #recorder: Recorder | undefined;
  #wantsPlay = false;
  #options: OpenOptions | undefined;

  open(video: HTMLVideoElement, root: HTMLElement, options: OpenOptions): () => void {
    this.#video = video;
    this.#root = root;
    this.#options = options;
    Object.assign(video, storedVolume());
    const send = options.beaconUrl
      ? beaconTransport(options.beaconUrl, () => this.#playback?.sessionToken ?? '')
      : undefined;
    const transport: Transport = async (beacons, leaving) => {
      if (!send) return { kind: 'stop' };
      return this.#playback?.sessionToken ? send(beacons, leaving) : { kind: 'retry', afterMs: 1000 };
    };
    const recorder = new Recorder(
      transport,
      dimensionsOf(navigator.userAgent, {
        engine: options.protocol ?? 'hls',
        pageHost: location.hostname.slice(0, 100),
        ...options.dimensions,
      }),
    );
    const unbind = bindVideo(video, recorder);
    const unwatch = this.#watch(video, root);
    const playback = new Playback(video, this.store, recorder, {
      grant: options.grant,
      protocol: options.protocol ?? 'hls',
      startAt: options.startAt ?? 0,
    });
    this.#recorder = recorder;
    this.#playback = playback;
    this.store.set({
      ...initialState,
      duration: (options.durationMs ?? 0) / 1000,
      volume: video.volume,
      muted: video.muted,
    });
    void playback.start().then(() => {
      if (this.#wantsPlay) this.play();
    });
    return () => {
      unbind();
      unwatch();
      void playback.close();
      if (document.pictureInPictureElement === video) void document.exitPictureInPicture().catch(() => undefined);
      this.#wantsPlay = false;
    };
  }

  #watch(video: HTMLVideoElement, root: HTMLElement): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const on = (names: string, handle: () => void) =>
      names.split(' ').forEach((name) => video.addEventListener(name, handle, { signal }));
    on('play', () => this.store.set({ playing: true, ended: false }));
    on('pause', () => this.store.set({ playing: false, buffering: false }));
    on('playing', () => this.store.set({ started: true, playing: true, ended: false, buffering: false }));
    on('waiting seeking', () => this.store.set({ buffering: !video.paused || video.seeking }));
    on('seeked canplay', () => this.store.set({ buffering: false }));
    on('ended', () => this.store.set({ ended: true, playing: false, buffering: false }));
    on('timeupdate seeking seeked durationchange progress loadedmetadata', () => this.#measure());
    on('timeupdate', () => this.#playback?.advanced(video.currentTime));
    on('ratechange', () => this.store.set({ rate: video.playbackRate }));
    on('volumechange', () => this.#volumeChanged());
    on('enterpictureinpicture', () => this.store.set({ pip: true }));
    on('leavepictureinpicture', () => this.store.set({ pip: false }));
    on('resize playing', () => this.#pictureChanged());
    document.addEventListener(
      'fullscreenchange',
      () => this.store.set({ fullscreen: document.fullscreenElement === root }),
      { signal },
    );
    return () => stop.abort();
  }

  #measure(): void {
    const video = this.#video;
    if (!video) return;
    const engine = this.#playback?.engine;
    const known = (this.#options?.durationMs ?? 0) / 1000;
    // A growing presentation has no end yet: its duration is Infinity, 2^32 by MSE's convention, or the end of the buffer.
    const told = Number.isFinite(video.duration) && video.duration < 2 ** 31 ? video.duration : 0;
    const available = Math.max(told, engine?.seekable()?.end ?? 0);
    this.store.set({
      time: video.currentTime,
      duration: engine?.growing() === false && available > 0 ? available : Math.max(known, available),
      available,
      buffered: Array.from(
        { length: video.buffered.length },
        (_, i) => [video.buffered.start(i), video.buffered.end(i)] as const,
      ),
    });
  }

  #pictureChanged(): void {
    const video = this.#video;
    if (!video || video.videoWidth === 0) return;
    const id = `v${Math.min(video.videoWidth, video.videoHeight)}`;
    const rung = this.store.get().tracks.rungs.find((one) => one.id === id);
    this.store.set({ shownRung: id });
    this.#recorder?.record({
      type: 'rung',
      id,
      bitrate: rung?.bitrate ?? video.videoWidth * video.videoHeight,
      position: video.currentTime,
    });
  }

  #volumeChanged(): void {
    const video = this.#video;
    if (!video) return;
    this.store.set({ volume: video.volume, muted: video.muted });
    try {
      localStorage.setItem(VOLUME_KEY, JSON.stringify({ volume: video.volume, muted: video.muted }));
    } catch {
      // Storage can be forbidden; the volume then lasts as long as the page.
    }
  }

  /** The catalogue may learn a length after playback began. */
  setKnownDuration(durationMs: number | null): void {
    if (!this.#options || durationMs === null) return;
    this.#options = { ...this.#options, durationMs };
    if (this.store.get().duration === 0) this.store.set({ duration: durationMs / 1000 });
  }

  /** Puts a text into the polite live region. */
  say(text: string): void {
    this.store.set({ said: { text, n: this.store.get().said.n + 1 } });
  }

  play(): void {
    const video = this.#video;
    if (!video) return;
    this.#wantsPlay = true;
    if (this.store.get().status !== 'ready') {
      // The wait for the engine is part of the start-up that the viewer feels.
      this.#recorder?.record({ type: 'intent', position: video.currentTime });
      this.store.set({ playing: true, buffering: true });
      return;
    }
    void video.play().catch(() => this.store.set({ playing: !video.paused }));
  }

  pause(): void {
    this.#wantsPlay = false;
    this.#video?.pause();
    this.store.set({ playing: false, buffering: false });
  }

  toggle(): void {
    if (this.store.get().playing) this.pause();
    else this.play();
  }

  retry(): void {
    this.#wantsPlay = true;
    void this.#playback?.restart().then(() => this.#wantsPlay && this.play());
  }

  seek(time: number): void {
    const video = this.#video;
    const { available, status } = this.store.get();
    if (!video || status !== 'ready') return;
    const target = clamp(time, 0, Math.max(0, available));
    const engine = this.#playback?.engine;
    // An engine may have less of a growing video in reach than it knows of.
    const reach = engine?.growing() ? (engine.seekable()?.end ?? 0) : Number.POSITIVE_INFINITY;
    if (target > Math.min(video.duration, Math.max(reach, video.currentTime))) {
      void this.#playback?.jump(target);
      return;
    }
    video.currentTime = target;
    this.#measure();
  }

  setVolume(volume: number): void {
    if (!this.#video) return;
    this.#video.volume = clamp(volume, 0, 1);
    this.#video.muted = volume <= 0;
  }

  toggleMute(): void {
    if (!this.#video) return;
    this.#video.muted = !this.#video.muted;
    if (!this.#video.muted && this.#video.volume === 0) this.#video.volume = 0.5;
  }

  setRate(rate: number): void {
    if (!this.#video) return;
    this.#video.playbackRate = rate;
    this.#video.defaultPlaybackRate = rate; // survives a reload of the engine
  }

  chooseRung(id: string | undefined): void {
    this.#playback?.engine?.chooseRung(id);
  }

  chooseAudio(id: string): void {
    this.#playback?.engine?.chooseAudio(id);
  }

  chooseText(id: string | undefined): void {
    this.#playback?.engine?.chooseText(id);
  }

  toggleFullscreen(): void {
    const [root, video] = [
      this.#root,
      this.#video as (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | undefined,
    ];
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    else if (root?.requestFullscreen) void root.requestFullscreen().catch(() => undefined);
    else video?.webkitEnterFullscreen?.(); // iOS phones: only the element itself
  }

  togglePip(): void {
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined);
    else void this.#video?.requestPictureInPicture?.().catch(() => undefined);
  }

  /** Does what a key asked for, and says so; false when there is nothing to do. */
  perform(command: Command): boolean {
    const state = this.store.get();
    if (state.status === 'failed') return false;
    switch (command.do) {
      case 'toggle-play':
        this.toggle();
        this.say(state.playing ? 'Paused' : 'Playing');
        return true;
      case 'seek':
      case 'seek-share':
      case 'seek-to': {
        const target =
          command.do === 'seek'
            ? state.time + command.by
            : command.do === 'seek-to'
              ? state.duration * command.share
              : state.time + state.duration * command.by;
        this.seek(target);
        this.say(clock(clamp(target, 0, state.available)));
        return true;
      }
      case 'volume':
        this.setVolume(Math.round((state.volume + command.by) * 20) / 20);
        this.say(`Volume ${Math.round(clamp(state.volume + command.by, 0, 1) * 100)} %`);
        return true;
      case 'toggle-mute':
        this.toggleMute();
        this.say(state.muted ? 'Sound on' : 'Muted');
        return true;
      case 'speed': {
        const next = SPEEDS[clamp(SPEEDS.indexOf(state.rate) + command.step, 0, SPEEDS.length - 1)] ?? 1;
        this.setRate(next);
        this.say(`Speed ${next}×`);
        return true;
      }
      case 'frame':
        if (state.playing) return false;
        this.seek(state.time + command.step / (state.tracks.activeRung?.frameRate ?? 30));
        return true;
      case 'toggle-captions': {
        const first = state.tracks.text[0];
        if (!first) return false;
        this.chooseText(state.tracks.activeText === undefined ? first.id : undefined);
        this.say(state.tracks.activeText === undefined ? `Captions: ${first.label}` : 'Captions off');
        return true;
      }
      case 'toggle-fullscreen':
        this.toggleFullscreen();
        return true;
      case 'toggle-pip':
        this.togglePip();
        return true;
      case 'help':
        return false; // the view has the sheet
    }
  }
}

/** `Auto (720p)`, or the chosen rung. */
export function qualityLabel({ tracks, shownRung }: PlayerState): string {
  const shown = tracks.rungs.find(({ id }) => id === shownRung) ?? tracks.activeRung;
  const chosen = tracks.rungs.find(({ id }) => id === tracks.chosenRung);
  if (chosen) return rungName(chosen);
  return shown ? `Auto (${rungName(shown)})` : 'Auto';
}
