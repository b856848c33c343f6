import {
  MAX_PROBE_OUTPUT,
  type MediaInput,
  type Probe,
  type Refusal,
  type Tail,
  isTruncated,
  parseProbe,
  probeArguments,
  refusal,
  refusalOfFailure,
  tailProbeArguments,
} from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';
import { type Examination, type SourceProber } from '../../domain/ports';
import { type FfprobeRun, type FfprobeTool, runFfprobe } from './run-ffprobe';
import { tailReader } from './tail-lines';

const PROBE_MS = 60_000;
/** Walking all packets of a file that doesn't say how long it is. */
const WALK_MS = 15 * 60_000;

const refuse = (reason: Refusal): Examination => ({ ok: false, refusal: reason });

/** ffprobe ends well on a picture that it refused to look at: then it has no size, and its complaint says why. */
function judged(probe: Probe, run: FfprobeRun): Examination {
  const { video } = probe;
  const reason = video && video.width < 1 ? refusalOfFailure({ ...run, exitCode: 1 }, 'decode') : undefined;
  return reason ? refuse(reason) : { ok: true, probe };
}

async function probeInput(tool: FfprobeTool, input: MediaInput, signal?: AbortSignal): Promise<Examination> {
  const limits = { timeoutMs: PROBE_MS, maxOutput: MAX_PROBE_OUTPUT, signal };
  const run = await runFfprobe(tool, probeArguments(input), limits);
  if (run.overflowed) return refuse(refusal('source.too_complex'));
  if (run.timedOut) {
    // A disk that takes a minute is no news of the file; a network may be slow today.
    if (input.kind === 'url') throw new Error('the source could not be probed in time');
    return refuse(refusal('source.too_complex'));
  }
  if (run.exitCode === 0) {
    try {
      return judged(parseProbe(run.stdout), run);
    } catch {
      return refuse(refusal('source.not_media'));
    }
  }
  const reason = refusalOfFailure(run, 'probe');
  if (!reason) throw new Error(`ffprobe failed: ${run.stderr.slice(-500)}`);
  return refuse(reason);
}

async function readTail(
  tool: FfprobeTool,
  input: MediaInput,
  probe: Probe,
  signal?: AbortSignal,
): Promise<Tail | undefined> {
  const reader = tailReader();
  const timeoutMs = probe.durationMs === undefined ? WALK_MS : PROBE_MS;
  const limits = { timeoutMs, maxOutput: MAX_PROBE_OUTPUT, onOutput: reader.push, signal };
  const run = await runFfprobe(tool, tailProbeArguments(input, probe.durationMs, probe.startMs), limits);
  return run.exitCode === 0 && !run.timedOut ? reader.end() : undefined;
}

/** When the video ends by what was found at its end, on the clock of its declared duration. */
function foundMs(probe: Probe, tail: Tail): number | undefined {
  const { video } = probe;
  if (probe.durationOf === 'video' && video) {
    const end = tail.endMsOf.get(video.index);
    return end === undefined ? undefined : end - video.startMs;
  }
  return tail.endMs === undefined ? undefined : tail.endMs - probe.startMs;
}

/** What a look at the end adds: that the file was cut off, or how long it is where its header doesn't say. */
export function withTail(probe: Probe, tail: Tail | undefined): Examination {
  if (!tail) return { ok: true, probe };
  const found = foundMs(probe, tail);
  if (probe.durationMs === undefined) {
    if (tail.packets === 0 || found === undefined || found <= 0) return { ok: true, probe };
    const end = probe.video && tail.endMsOf.get(probe.video.index);
    const ofVideo = probe.video && end !== undefined && end > probe.video.startMs;
    return {
      ok: true,
      probe: {
        ...probe,
        durationMs: ofVideo ? end - (probe.video?.startMs ?? 0) : found,
        durationOf: ofVideo ? 'video' : 'file',
      },
    };
  }
  if (tail.packets === 0 || (found !== undefined && isTruncated(probe.durationMs, found)))
    return refuse(refusal('source.truncated'));
  return { ok: true, probe };
}

/** Looks at sources in the raw store with ffprobe; never decodes, never reads more than headers and the end. */
export function createSourceProber(raw: ObjectStore, tool: FfprobeTool): SourceProber {
  return {
    async examine(sourceKey, signal) {
      const info = await raw.head(sourceKey);
      if (!info) return refuse(refusal('source.missing'));
      if (info.size === 0) return refuse(refusal('source.empty'));
      const input = await raw.source(sourceKey);
      const examined = await probeInput(tool, input, signal);
      if (!examined.ok) return examined;
      const probe = { ...examined.probe, bytes: info.size };
      // What its header says of its length is checked by the scan, when the first job is at work.
      if (!probe.video || probe.durationMs !== undefined) return { ok: true, probe };
      return withTail(probe, await readTail(tool, input, probe, signal));
    },
  };
}
