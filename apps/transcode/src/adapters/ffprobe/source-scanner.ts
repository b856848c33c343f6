import {
  BoxError,
  type EncodingPlan,
  createPacketScan,
  factsOf,
  isTruncated,
  packetScanArguments,
  refusal,
  scanMp4,
  toNumber,
} from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';
import { buffer } from 'node:stream/consumers';
import { type Scanned, type SourceScanner } from '../../domain/ports';
import { type FfprobeTool, runFfprobe } from './run-ffprobe';

/** Walking all packets of a long file, over a network. */
const WALK_MS = 30 * 60_000;

const TRUNCATED: Scanned = { ok: false, refusal: refusal('source.truncated') };
const NOTHING_KNOWN: Scanned = { ok: true, facts: undefined };

export interface ScannerOptions {
  readonly raw: ObjectStore;
  readonly tool: FfprobeTool;
  /** Told how many bytes the store has sent, but for what ffprobe reads by itself. */
  readonly onBytes?: (count: number) => void;
}

/** By the sample tables: a few reads, however long the file. Undefined if it has none that tell. */
async function byTables(
  { raw, onBytes }: ScannerOptions,
  key: string,
  plan: EncodingPlan,
): Promise<Scanned | undefined> {
  const size = (await raw.head(key))?.size ?? 0;
  const read = async (start: number, length: number): Promise<Uint8Array> => {
    const bytes = await buffer((await raw.get(key, { range: { start, end: start + length - 1 } })).body);
    onBytes?.(bytes.length);
    return bytes;
  };
  try {
    const scan = await scanMp4(read, size, plan.source.videoIndex);
    if (!scan) return undefined;
    if (scan.reachesTo >= size) return TRUNCATED;
    return { ok: true, facts: factsOf(scan.times, 1 / scan.timescale, plan.rate) };
  } catch (error) {
    // Damaged tables: ffprobe may make more of them.
    if (error instanceof BoxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** By every packet of the file, without decoding. */
async function byPackets(
  { tool, raw }: ScannerOptions,
  key: string,
  plan: EncodingPlan,
  signal?: AbortSignal,
): Promise<Scanned> {
  const scan = createPacketScan(plan.source.videoIndex);
  const limits = {
    timeoutMs: WALK_MS,
    maxOutput: Number.MAX_SAFE_INTEGER,
    onOutput: (text: string) => scan.push(text),
    signal,
  };
  const run = await runFfprobe(tool, packetScanArguments(await raw.source(key)), limits);
  if (run.exitCode !== 0 || run.timedOut) return NOTHING_KNOWN;
  const { times, seconds } = scan.end();
  const tick = toNumber(plan.source.timeBase);
  const ofVideo = times ? (times.last + times.lastDuration - times.first) * tick : 0;
  const foundMs = 1000 * (plan.durationIsOfVideo ? ofVideo : seconds);
  if (plan.durationMs !== undefined && isTruncated(plan.durationMs, foundMs)) return TRUNCATED;
  return { ok: true, facts: times && factsOf(times, tick, plan.rate) };
}

/** Looks at the times of all frames of a source: in its tables where it has some, else in its packets. */
export const createSourceScanner = (options: ScannerOptions): SourceScanner => ({
  async scan(sourceKey, plan, signal) {
    // Its clock is mended as it is decoded; times in the file say nothing of what comes out.
    if (plan.source.timing === 'rebased') return NOTHING_KNOWN;
    return (await byTables(options, sourceKey, plan)) ?? byPackets(options, sourceKey, plan, signal);
  },
});
