import { type Rational } from '../rational';

/** How to turn a decoded picture upright: names of ffmpeg filters, applied in order. */
export type Orientation = 'clock' | 'cclock' | 'clock_flip' | 'cclock_flip' | 'hflip' | 'vflip';

export interface Colour {
  /** ffmpeg's names (`bt709`, `smpte2084`, …); undefined where the source doesn't say. */
  readonly primaries?: string;
  readonly transfer?: string;
  readonly matrix?: string;
  readonly range: 'tv' | 'pc';
}

export interface VideoTrack {
  /** Index of the stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** Of the decoded picture, before rotation and pixel aspect. */
  readonly width: number;
  readonly height: number;
  /** As shown: square pixels, upright. Not rounded to even numbers. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  /** Degrees clockwise that a player turns the picture: 0, 90, 180, 270. */
  readonly rotation: number;
  readonly orientation: readonly Orientation[];
  /** Pixel aspect ratio. */
  readonly sar: Rational;
  readonly pixFmt: string;
  readonly bitDepth: number;
  /** Average over the file; undefined where unknown. */
  readonly averageRate?: Rational;
  /** The lowest rate that can hold every timestamp; a guess of ffprobe. */
  readonly baseRate?: Rational;
  readonly interlaced: boolean;
  readonly colour: Colour;
  /** High dynamic range: the transfer curve is PQ or HLG. */
  readonly hdr: 'pq' | 'hlg' | false;
  readonly timeBase: Rational;
  /** Presentation time of the first frame, in ticks of `timeBase`; may be negative. */
  readonly startTicks: number;
  readonly startMs: number;
  /** Of this stream, when the container has it. */
  readonly durationMs?: number;
  readonly frames?: number;
}

export interface AudioTrack {
  readonly index: number;
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** BCP 47 or ISO 639-2 as written in the file; undefined for none or `und`. */
  readonly language?: string;
  readonly title?: string;
  readonly isDefault: boolean;
  readonly startMs: number;
  readonly durationMs?: number;
}

/** What is known of a source without decoding it. Declared, not proven: containers lie and files are cut. */
export interface Probe {
  /** ffmpeg's name of the demuxer, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Of the video if it says so, else of the file; undefined where nothing says it (WebM of a browser's recorder). */
  readonly durationMs?: number;
  /** Whether `durationMs` speaks of the video itself and not of the longest track. */
  readonly durationOf: 'video' | 'file';
  readonly startMs: number;
  readonly bytes?: number;
  /** Undefined if there are no moving pictures; cover art is none. */
  readonly video?: VideoTrack;
  readonly audio: readonly AudioTrack[];
  /** The tool refused to look at the pictures because of their size; their dimensions may then be unknown. */
  readonly oversized: boolean;
  readonly streams: { readonly total: number; readonly video: number; readonly audio: number; readonly other: number };
}
