import { type EncodingPlan, type Probe, mediaConvertObstacle } from '@kinora/media';

/** Who encodes: our own workers, or AWS Elemental MediaConvert. */
export type EngineName = 'ffmpeg' | 'mediaconvert';

/** Which engine was chosen for a video, and why; decided once, when it is planned. */
export interface Engine {
  readonly name: EngineName;
  /** For people who run the platform. */
  readonly reason: string;
  /** The service's own id of the job, once there is one. */
  readonly jobId?: string | undefined;
}

/** What may be set: one engine for all, or a choice for each video. */
export type EngineMode = EngineName | 'policy';

export interface EngineRules {
  readonly mode: EngineMode;
  /** Output minutes a day that may be bought; undefined: no limit. */
  readonly dailyMinutes: number | undefined;
  /** A source of more bytes, or longer, is bought. */
  readonly bytes: number;
  readonly minutes: number;
  /** When so many jobs wait for our own workers, or the next of them for so long, what comes is bought. */
  readonly waitingJobs: number;
  readonly waitSeconds: number;
}

/** What is known when the choice is made. */
export interface Circumstances {
  readonly probe: Probe;
  readonly plan: EncodingPlan;
  /** Output minutes bought since the day (UTC) began. */
  readonly minutesToday: number;
  /** The queue of our own workers: jobs that nobody has taken, and how long the next of them has waited. */
  readonly queue: { readonly waiting: number; readonly waitedSeconds: number };
}

const GIB = 1024 ** 3;
/** Decoders whose work is a multiple of H.264's, at sizes where it tells. */
const COSTLY = ['hevc', 'av1', 'vp9', 'prores', 'dnxhd', 'jpeg2000'];
const COSTLY_PIXELS = 3840 * 2160;

/** Minutes that the service bills: of the source, once for every output. */
export const outputMinutes = ({ durationMs = 0, rungs, audio }: EncodingPlan): number =>
  (durationMs / 60_000) * (rungs.length + audio.length);

/** Why a video is worth buying; undefined if our own workers are the better choice. */
function worthBuying({ probe, plan, queue }: Circumstances, rules: EngineRules): string | undefined {
  const { video, bytes = 0 } = probe;
  if (plan.source.colour.hdr !== false) return 'HDR is mapped to SDR by the service';
  if (bytes > rules.bytes) return `source of more than ${Math.round((rules.bytes / GIB) * 10) / 10} GiB`;
  if ((plan.durationMs ?? 0) > rules.minutes * 60_000) return `longer than ${rules.minutes} minutes`;
  if (video && COSTLY.includes(video.codec) && video.width * video.height >= COSTLY_PIXELS)
    return `${video.codec} at ${video.width}×${video.height} is slow to decode`;
  if (queue.waiting >= rules.waitingJobs) return `${queue.waiting} jobs wait for our own encoders`;
  if (queue.waitedSeconds >= rules.waitSeconds)
    return `jobs wait ${Math.round(queue.waitedSeconds)} s for our own encoders`;
  return undefined;
}

/** Chooses who encodes a video. What the service can't do, and what the budget doesn't allow, is done by our own workers. */
export function chooseEngine(of: Circumstances, rules: EngineRules): Engine {
  if (rules.mode === 'ffmpeg') return { name: 'ffmpeg', reason: 'set for all videos' };
  const obstacle = mediaConvertObstacle(of.plan, of.probe);
  if (obstacle !== undefined) return { name: 'ffmpeg', reason: `not possible with MediaConvert: ${obstacle}` };
  const wanted = rules.mode === 'mediaconvert' ? 'set for all videos' : worthBuying(of, rules);
  if (wanted === undefined) return { name: 'ffmpeg', reason: 'our own encoders have room' };
  const { dailyMinutes } = rules;
  if (dailyMinutes !== undefined && of.minutesToday + outputMinutes(of.plan) > dailyMinutes)
    return { name: 'ffmpeg', reason: `over the day’s ${dailyMinutes} minutes of MediaConvert` };
  return { name: 'mediaconvert', reason: wanted };
}
