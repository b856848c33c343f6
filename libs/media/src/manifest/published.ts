import { type Rational } from '../rational';

/** One published segment; numbers are positions in the list, from 1. */
export interface PublishedSegment {
  readonly ticks: number;
  readonly bytes: number;
}

interface PublishedTrack {
  /** `v720`, `a0`: also its folder and the name of its playlist. */
  readonly id: string;
  /** As in RFC 6381. */
  readonly codec: string;
  /** Ticks per second. */
  readonly timescale: number;
  readonly segments: readonly PublishedSegment[];
}

export interface PublishedVideo extends PublishedTrack {
  readonly width: number;
  readonly height: number;
  readonly frameRate: Rational;
}

export interface PublishedAudio extends PublishedTrack {
  readonly channels: number;
  readonly sampleRate: number;
  /** BCP 47 or ISO 639-2; undefined if unknown. */
  readonly language?: string | undefined;
  readonly name: string;
  readonly isDefault: boolean;
}

/** All that manifests are made of. Both writers are pure functions of it. */
export interface PublishedTracks {
  /** Largest first. */
  readonly video: readonly PublishedVideo[];
  readonly audio: readonly PublishedAudio[];
  /** False while segments are still being added at the end. */
  readonly complete: boolean;
}

/** Names of the files, relative to the manifest; `$Number$` may stand for the number. */
export const initName = (id: string): string => `${id}/init.mp4`;
export const segmentName = (id: string, number: number | '$Number$'): string => `${id}/${number}.m4s`;
export const playlistName = (id: string): string => `${id}.m3u8`;

export const ticksOf = (track: Pick<PublishedTrack, 'segments'>): number =>
  track.segments.reduce((sum, one) => sum + one.ticks, 0);
export const secondsOf = (track: Pick<PublishedTrack, 'segments' | 'timescale'>): number =>
  ticksOf(track) / track.timescale;

/** Highest bit rate of any run of segments that lasts half to one and a half target durations (RFC 8216 §4.1, "peak segment bit rate"). */
function peakRate({ segments, timescale }: Pick<PublishedTrack, 'segments' | 'timescale'>): number {
  const target = Math.max(0, ...segments.map((one) => one.ticks));
  let peak = 0;
  for (let first = 0; first < segments.length; first += 1) {
    let ticks = 0;
    let bytes = 0;
    for (const one of segments.slice(first, first + 8)) {
      ticks += one.ticks;
      bytes += one.bytes;
      if (ticks > target * 1.5) break;
      if (ticks >= target * 0.5) peak = Math.max(peak, (bytes * 8 * timescale) / ticks);
    }
  }
  return peak;
}

/** Bits per second as measured: over all of the track, and its peak. */
export function measured(track: Pick<PublishedTrack, 'segments' | 'timescale'>): { average: number; peak: number } {
  const bytes = track.segments.reduce((sum, one) => sum + one.bytes, 0);
  const seconds = secondsOf(track);
  const average = seconds > 0 ? (bytes * 8) / seconds : 0;
  return { average: Math.ceil(average), peak: Math.ceil(Math.max(peakRate(track), average)) };
}

/**
 * The tracks without what only some of them have so far, so that a growing video has one end: every video track is cut to
 * the fewest segments, and audio to those that start before that end. A complete set is returned as it is.
 */
export function commonPrefix(tracks: PublishedTracks): PublishedTracks {
  if (tracks.complete || tracks.video.length === 0) return tracks;
  const count = Math.min(...tracks.video.map((track) => track.segments.length));
  return {
    ...tracks,
    video: tracks.video.map((track) => ({ ...track, segments: track.segments.slice(0, count) })),
    audio: tracks.audio.map((track) => ({ ...track, segments: track.segments.slice(0, count) })),
  };
}

/** Whether something can be played: every track has its first segment. */
export const isPlayable = ({ video, audio }: PublishedTracks): boolean =>
  video.length > 0 && [...video, ...audio].every((track) => track.segments.length > 0);
