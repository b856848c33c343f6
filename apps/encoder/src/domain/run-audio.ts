import {
  type AudioPlan,
  type EncodingPlan,
  type MediaInput,
  audioArguments,
  audioDecodeArguments,
  audioEncodeArguments,
  soundMayChange,
} from '@kinora/media';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { encodeLimits } from './limits';
import { assertRun } from './outcome';
import { type Ffmpeg, type FfmpegRun, type Refuse } from './ports';

/** Bits per second of decoded sound on its way from one run to the other. */
const DECODED = 48_000 * 2 * 32;

export interface AudioRun {
  readonly plan: EncodingPlan;
  readonly audio: AudioPlan;
  readonly source: MediaInput;
  readonly sink: FfmpegRun['outputs'][number];
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** So much of the start only, where that takes one run (see {@link soundMayChange}); all by default. */
  readonly seconds?: number;
  readonly urgent?: boolean;
}

/** Encodes a track in one run, or in two that are piped together where the source's sound may change its kind. */
export async function runAudio(ffmpeg: Ffmpeg, refuse: Refuse, run: AudioRun): Promise<void> {
  const { plan, audio, source, sink, attempt, signal, seconds, urgent = false } = run;
  const limits = encodeLimits(plan, audio.bitrate * 2);
  if (!soundMayChange(plan)) {
    const args = audioArguments(plan, audio, source, seconds === undefined ? {} : { seconds });
    assertRun(await ffmpeg.run({ args, outputs: [sink], limits, signal, urgent }), attempt, refuse);
    return;
  }
  const samples = new PassThrough();
  const encoderGone = new AbortController();
  const decoding = ffmpeg
    .run({
      args: audioDecodeArguments(plan, audio, source),
      outputs: [
        async (bytes) => {
          if (!samples.write(bytes)) await once(samples, 'drain', { signal: encoderGone.signal });
        },
      ],
      limits: encodeLimits(plan, DECODED),
      signal: AbortSignal.any([signal, encoderGone.signal]),
    })
    .finally(() => samples.end());
  const encoding = ffmpeg
    .run({ args: audioEncodeArguments(plan, audio), stdin: samples, outputs: [sink], limits, signal })
    // Nobody reads any more: a decoder that is still at work would wait for ever.
    .finally(() => encoderGone.abort());
  const [decoded, encoded] = await Promise.allSettled([decoding, encoding]);
  signal.throwIfAborted();
  // The first cause first: an encoder that is given nothing fails too.
  if (decoded.status === 'fulfilled') assertRun(decoded.value, attempt, refuse);
  if (encoded.status === 'rejected') throw encoded.reason;
  assertRun(encoded.value, attempt, refuse);
  if (decoded.status === 'rejected') throw decoded.reason;
}
