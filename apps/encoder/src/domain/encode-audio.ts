import { type LandedTrack } from '@kinora/contracts-transcode';
import { type MediaInput, nearVideo, toNumber } from '@kinora/media';
import { patiently } from './beginnings';
import { type EncodeJob } from './encode-job';
import { type EncodeDeps, type JobRun } from './ports';
import { onceOnly } from './receipts';
import { type Reporter } from './reporter';
import { createRenditionWriter } from './rendition-writer';
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
    const gopSeconds = plan.gopFrames / toNumber(plan.rate);

    const encode = async (source: MediaInput, reporter: Reporter, signal: AbortSignal) => {
      const afterBeginnings = patiently(deps.beginnings, signal);
      const writer = createRenditionWriter(deps.store, deps.refuse, {
        videoId: job.videoId,
        encodingId: job.encodingId,
        renditionId: audio.id,
        rule: (facts) => nearVideo(gopSeconds, facts.timescale),
        firstSegment: 1,
        shared: false,
        onEncoded: (seconds) => reporter.encoded(seconds),
        onLanded: (track) => reporter.landed(track),
      });
      await runAudio(deps.ffmpeg, deps.refuse, {
        plan,
        audio,
        source,
        sink: async (bytes) => {
          await writer.push(bytes);
          // The first segment is part of what makes a video playable; the rest can wait for what does so for others, or for this one.
          if (writer.landed.segments.length > 0) await afterBeginnings();
        },
        attempt: run.attempt,
        signal,
      });
      // A track that is declared and has nothing in it: the video is published without it.
      if (writer.samples === 0) return { durationMs: 0, tracks: [] };
      await writer.end();
      return { durationMs: Math.round(writer.seconds * 1000), tracks: [writer.landed] };
    };
    return withReports(deps, job, run, (reporter, signal) =>
      onceOnly(deps, job, audio, reporter, (source) => encode(source, reporter, signal)),
    );
  };
