import { type LandedTrack } from '@kinora/contracts-transcode';
import { type MediaInput, audioArguments } from '@kinora/media';
import { patiently } from './beginnings';
import { type EncodeJob } from './encode-job';
import { soundOfBeginning, soundWriter } from './first-sound';
import { type EncodeDeps, type JobRun } from './ports';
import { onceOnly } from './receipts';
import { type Reporter } from './reporter';
import { runAudio } from './run-audio';
import { withReports } from './with-reports';

/** Encodes one audio track, whole: AAC has no seams then. */
export const encodeAudio =
  (deps: EncodeDeps) =>
  async (
    job: EncodeJob & { readonly audioIndex: number },
    run: JobRun,
  ): Promise<{ durationMs: number; tracks: LandedTrack[] }> => {
    const { plan } = job;
    const audio = plan.audio[job.audioIndex];
    if (!audio) throw deps.refuse('encoding.inconsistent', `There is no audio track ${job.audioIndex} in the plan.`);
    // Else the first segment is part of what makes the video playable.
    const continues = soundOfBeginning(plan) !== undefined;

    const encode = async (source: MediaInput, reporter: Reporter, signal: AbortSignal) => {
      const afterBeginnings = patiently(deps.beginnings, signal);
      if (continues) await afterBeginnings();
      const writer = soundWriter(deps, { job, audio, reporter }, (seconds) => reporter.encoded(seconds));
      const sink = async (bytes: Uint8Array): Promise<void> => {
        await writer.push(bytes);
        // What continues this video's sound waits for the beginnings of others.
        if (continues || writer.landed.segments.length > 0) await afterBeginnings();
      };
      await runAudio(deps.ffmpeg, deps.refuse, { plan, audio, source, attempt: run.attempt, signal, sink });
      // A track that is declared and has nothing in it: the video is published without it.
      if (writer.samples === 0) return { durationMs: 0, tracks: [] };
      await writer.end();
      return { durationMs: Math.round(writer.seconds * 1000), tracks: [writer.landed] };
    };
    const task = { audio, recipe: audioArguments(plan, audio, { kind: 'stdin' }) };
    const written = { renditions: new Map([[audio.id, 1]]), awaited: audio.isDefault && !continues ? [audio.id] : [] };
    return withReports(deps, job, run, written, (reporter, signal) =>
      onceOnly(deps, job, task, reporter, (source) => encode(source, reporter, signal)),
    );
  };
