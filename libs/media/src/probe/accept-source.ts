import { MAX_PIXELS, MAX_STREAMS } from '../ffmpeg/input';
import { type Probe, type VideoTrack } from './model';
import { type Refusal, refusal } from './refusals';

export interface SourceLimits {
  /** Pixels of a decoded picture. */
  readonly maxPixels: number;
  readonly maxStreams: number;
  readonly maxDurationMs: number;
}

export const DEFAULT_LIMITS: SourceLimits = {
  maxPixels: MAX_PIXELS,
  maxStreams: MAX_STREAMS,
  maxDurationMs: 12 * 3600 * 1000,
};

export type Acceptance =
  { readonly ok: true; readonly video: VideoTrack } | { readonly ok: false; readonly refusal: Refusal };

const refuse = (code: Refusal['code']): Acceptance => ({ ok: false, refusal: refusal(code) });

/** Whether a probed source can be encoded, before anything is decoded. The first reason found is given. */
export function acceptSource(probe: Probe, limits: SourceLimits = DEFAULT_LIMITS): Acceptance {
  const { video } = probe;
  if (probe.bytes === 0) return refuse('source.empty');
  if (probe.streams.total > limits.maxStreams) return refuse('source.too_many_streams');
  if (!video) return refuse('source.no_video');
  if (video.codec === 'unknown' || video.codec === 'none') return refuse('source.unsupported_codec');
  if (probe.oversized) return refuse('source.too_large');
  // A header without a picture size means that no picture could be found either.
  if (video.width < 1 || video.height < 1) return refuse('source.unreadable');
  if (video.width * video.height > limits.maxPixels) return refuse('source.too_large');
  if ((probe.durationMs ?? 0) > limits.maxDurationMs) return refuse('source.too_long');
  return { ok: true, video };
}

/** Share of the declared duration that must really be there; containers round, and players forgive the last frames. */
const WHOLE = 0.98;

/**
 * Whether decoded (or found) video falls so short of what the source declares that its end must be missing.
 * A quarter of a second is always forgiven, for very short films.
 */
export const isTruncated = (declaredMs: number, foundMs: number): boolean => foundMs < declaredMs * WHOLE - 250;
