/** A rendition of the picture, as an engine offers it. */
export interface Rung {
  /** `v720`: the rendition's name by its shorter side, as in the published media. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  readonly frameRate?: number | undefined;
  readonly codec?: string | undefined;
}

export interface Track {
  readonly id: string;
  readonly language: string;
  readonly label: string;
}

export interface Tracks {
  readonly rungs: readonly Rung[];
  readonly activeRung: Rung | undefined;
  /** Undefined while the engine chooses by itself. */
  readonly chosenRung: string | undefined;
  readonly audio: readonly Track[];
  readonly activeAudio: string | undefined;
  readonly text: readonly Track[];
  readonly activeText: string | undefined;
}

export const noTracks: Tracks = {
  rungs: [],
  activeRung: undefined,
  chosenRung: undefined,
  audio: [],
  activeAudio: undefined,
  text: [],
  activeText: undefined,
};

export type FaultKind = 'network' | 'refused' | 'gone' | 'media' | 'manifest' | 'unsupported' | 'other';

/** A failure in the player's words. `code` is stable and goes into the session record: `network.timeout`, `shaka.3016`. */
export interface Fault {
  readonly kind: FaultKind;
  readonly code: string;
  /** Playback can't go on by itself. */
  readonly fatal: boolean;
  readonly status?: number | undefined;
}

/** How a fault is thrown. */
export class EngineFault extends Error {
  override name = 'EngineFault';
  constructor(readonly fault: Fault) {
    super(fault.code);
  }
}

export interface EngineEvents {
  tracks(tracks: Tracks): void;
  fault(fault: Fault): void;
}

/** Rewrites the address of a request, so that a renewed grant reaches requests that were planned under the old one. */
export type Readdress = (url: string) => Promise<string>;

/**
 * What feeds a media element. Engines tell faults through the event and never throw after `load`; what to do about a fault
 * is decided outside (see `recovery.ts`).
 */
export interface Engine {
  readonly name: string;
  /** Rejects with an {@link EngineFault}. `startAt`: seconds; a growing presentation starts at its beginning all the same. */
  load(url: string, startAt: number): Promise<void>;
  chooseRung(id: string | undefined): void;
  chooseAudio(id: string): void;
  chooseText(id: string | undefined): void;
  /** Tries again after a network fault; false when only a reload can help. */
  retry(): boolean;
  /** The part of a growing presentation that is there, or the whole. */
  seekable(): { start: number; end: number } | undefined;
  /** The presentation still gets longer. */
  growing(): boolean;
  destroy(): Promise<void>;
}
