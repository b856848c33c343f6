import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  AUDIO_FRAGMENT_SECONDS,
  type MediaInput,
  audioArguments,
  isBeginning,
  nearVideo,
  soundMayChange,
  toNumber,
} from '@kinora/media';
import { patiently } from './beginnings';
import { type EncodeJob } from './encode-job';
import { type EncodeDeps, type JobRun } from './ports';
import { onceOnly } from './receipts';
import { type Reporter } from './reporter';
import { type RenditionWriter, createRenditionWriter } from './rendition-writer';
import { runAudio } from './run-audio';
import { withReports } from './with-reports';

/** Encodes one audio track, whole: AAC has no seams then. Its first segment goes before, in a short run of its own. */
export const encodeAudio =
  (deps: EncodeDeps) =>
  async (
    job: EncodeJob & { readonly audioIndex: number },
    run: JobRun,
  ): Promise<{ durationMs: number; tracks: LandedTrack[] }> => {
    const { plan } = job;
    const audio = plan.audio[job.audioIndex];
    if (!audio) throw deps.refuse('encoding.inconsistent', `There is no audio track ${job.audioIndex} in the plan.`);
    const gopSeconds = plan.gopFrames / toNumber(plan.rate);

    const encode = async (source: MediaInput, reporter: Reporter, signal: AbortSignal) => {
      const afterBeginnings = patiently(deps.beginnings, signal);
      const writerOf = (onEncoded: (seconds: number) => void): RenditionWriter =>
        createRenditionWriter(deps.store, deps.refuse, {
          videoId: job.videoId,
          encodingId: job.encodingId,
          renditionId: audio.id,
          rule: (facts) => nearVideo(gopSeconds, facts.timescale),
          firstSegment: 1,
          shared: false,
          onEncoded,
          onLanded: (track) => reporter.landed(track),
        });
      const common = { plan, audio, source, attempt: run.attempt, signal };

      // The first segment is part of what makes a video playable. Nobody waits for more of the sound then, and an ffmpeg that is
      // not told to stop has read twenty seconds of the source by the time when the first two are in the store.
      if (plan.chunks.some(isBeginning) && !soundMayChange(plan)) {
        const first = writerOf(() => undefined);
        const seconds = gopSeconds + AUDIO_FRAGMENT_SECONDS;
        await runAudio(deps.ffmpeg, deps.refuse, { ...common, sink: (bytes) => first.push(bytes), seconds });
        await first.settle();
        await afterBeginnings();
      }

      const writer = writerOf((seconds) => reporter.encoded(seconds));
      const sink = async (bytes: Uint8Array): Promise<void> => {
        await writer.push(bytes);
        // What continues this video's sound waits for the beginnings of others.
        if (writer.landed.segments.length > 0) await afterBeginnings();
      };
      await runAudio(deps.ffmpeg, deps.refuse, { ...common, sink });
      // A track that is declared and has nothing in it: the video is published without it.
      if (writer.samples === 0) return { durationMs: 0, tracks: [] };
      await writer.end();
      return { durationMs: Math.round(writer.seconds * 1000), tracks: [writer.landed] };
    };
    const task = { audio, recipe: audioArguments(plan, audio, { kind: 'stdin' }) };
    return withReports(deps, job, run, { renditions: 1, awaited: audio.isDefault }, (reporter, signal) =>
      onceOnly(deps, job, task, reporter, (source) => encode(source, reporter, signal)),
    );
  };
