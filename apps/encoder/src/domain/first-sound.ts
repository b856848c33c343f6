import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  AUDIO_FRAGMENT_SECONDS,
  type AudioPlan,
  type EncodingPlan,
  type MediaInput,
  isBeginning,
  nearVideo,
  soundMayChange,
  toNumber,
} from '@kinora/media';
import { type EncodeJob } from './encode-job';
import { type EncodeDeps, type JobRun } from './ports';
import { type RenditionWriter, createRenditionWriter } from './rendition-writer';
import { type Reporter } from './reporter';
import { runAudio } from './run-audio';

/** The default sound, where its first segment can be made by the job of the beginning. */
export const soundOfBeginning = (plan: EncodingPlan): AudioPlan | undefined =>
  plan.chunks.some(isBeginning) && !soundMayChange(plan) ? plan.audio.find(({ isDefault }) => isDefault) : undefined;

const gopSeconds = ({ gopFrames, rate }: EncodingPlan): number => gopFrames / toNumber(rate);

/** So much of the source has the first segment in it, whole. */
export const firstSoundSeconds = (plan: EncodingPlan): number => gopSeconds(plan) + AUDIO_FRAGMENT_SECONDS;

export interface SoundOf {
  readonly job: EncodeJob;
  readonly audio: AudioPlan;
  readonly source: MediaInput;
  readonly run: JobRun;
  readonly reporter: Reporter;
}

/** Cuts a track near the segments of the picture. */
export const soundWriter = (
  deps: EncodeDeps,
  { job, audio, reporter }: Pick<SoundOf, 'job' | 'audio' | 'reporter'>,
  onEncoded: (seconds: number) => void,
): RenditionWriter =>
  createRenditionWriter(deps.store, deps.refuse, {
    videoId: job.videoId,
    encodingId: job.encodingId,
    renditionId: audio.id,
    rule: (facts) => nearVideo(gopSeconds(job.plan), facts.timescale),
    firstSegment: 1,
    shared: false,
    onEncoded,
    onLanded: (track) => reporter.landed(track),
  });

/**
 * Encodes the first segment of a track, of which the run of the whole track makes the same bytes again. Nobody waits for more of the
 * sound at the beginning, and an ffmpeg that is not told to stop has read twenty seconds of the source by the time when the first two are
 * in the store.
 */
export async function encodeFirstSound(deps: EncodeDeps, of: SoundOf): Promise<LandedTrack[]> {
  const { job, audio, source, run } = of;
  const writer = soundWriter(deps, of, () => undefined);
  await runAudio(deps.ffmpeg, deps.refuse, {
    ...{ plan: job.plan, audio, source, attempt: run.attempt, signal: run.signal, urgent: true },
    sink: (bytes) => writer.push(bytes),
    seconds: firstSoundSeconds(job.plan),
  });
  await writer.settle();
  return writer.landed.segments.length > 0 ? [writer.landed] : [];
}
