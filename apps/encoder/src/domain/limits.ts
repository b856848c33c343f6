import { type EncodingPlan } from '@kinora/media';
import { type RunLimits } from './ports';

const MINUTE = 60_000;
const GIB = 1024 ** 3;
/** A day for what doesn't declare how long it is. */
const UNKNOWN_MS = 24 * 60 * MINUTE;
/** Wall time per second of video: slower than this is no encoding but an attack, or a machine that should be looked at. */
const SLOWEST = 120;
/** A concatenated recording may declare only its last part. */
const LONGER_THAN_DECLARED = 4;

/** Limits of a run that encodes the whole length of a source at `bitsPerSecond`. */
export function encodeLimits(plan: EncodingPlan, bitsPerSecond: number): RunLimits {
  const seconds = (plan.durationMs ?? UNKNOWN_MS) / 1000;
  return {
    wallMs: plan.durationMs === undefined ? UNKNOWN_MS : 10 * MINUTE + seconds * SLOWEST * 1000,
    outputBytes: 2 * GIB + (LONGER_THAN_DECLARED * seconds * bitsPerSecond) / 8,
  };
}

/** Limits of a run that makes a few small pictures. */
export const stillLimits: RunLimits = { wallMs: 10 * MINUTE, outputBytes: 256 * 1024 * 1024 };
