import { middleRung } from '../plan/middle-rung';
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
 * What a growing video lists: the tracks that have begun, each as far as it has come, and sound no further than the picture,
 * so that there is one end. Tracks join and segments are added; nothing that was listed ever goes. A complete set is returned
 * as it is.
 */
export function begun(tracks: PublishedTracks): PublishedTracks {
  if (tracks.complete) return tracks;
  const pictures = Math.max(0, ...tracks.video.map((track) => track.segments.length));
  const audio = tracks.audio.map((track) => ({ ...track, segments: track.segments.slice(0, pictures) }));
  const has = ({ segments }: PublishedTrack): boolean => segments.length > 0;
  return { ...tracks, video: tracks.video.filter(has), audio: audio.filter(has) };
}

/** Whether something can be played: the middle rung of the whole ladder and the sound that is heard by default have begun. */
export function isPlayable({ video, audio }: PublishedTracks): boolean {
  const main = audio.find((track) => track.isDefault) ?? audio[0];
  if (video.length === 0 || main?.segments.length === 0) return false;
  return middleRung(video).segments.length > 0;
}
