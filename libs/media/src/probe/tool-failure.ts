import { type Refusal, type RefusalCode, refusal } from './refusals';

/** How a run of ffmpeg or ffprobe ended. */
export interface ToolExit {
  readonly exitCode?: number | undefined;
  /** E.g. `SIGKILL`. */
  readonly signal?: string | undefined;
  /** Standard error, or its last few kilobytes. */
  readonly stderr: string;
}

type Rules = readonly (readonly [RegExp, RefusalCode])[];

/** Messages whose cause is the file itself, whatever else was said. The first that fits decides. */
const CERTAIN: Rules = [
  [/Number of streams exceeds max_streams/i, 'source.too_many_streams'],
  [/Format not on whitelist|Protocol .* not on whitelist/i, 'source.unsupported_format'],
  [/exceeds specified max pixel count|Picture size \d+x\d+ is invalid/i, 'source.too_large'],
];

/** The same, but a read that the network cut off looks alike: asked only after `TRANSIENT`. */
const LIKELY: Rules = [
  [
    /Decoder \(codec .*\) not found|not on whitelist|no decoder for|Could not find codec parameters/i,
    'source.unsupported_codec',
  ],
  [/moov atom not found/i, 'source.truncated'],
  [
    /Stream map .* matches no streams|does not contain any stream|Output file #\d does not contain any stream/i,
    'source.no_video',
  ],
  [/Invalid data found when processing input|EBML header parsing failed|End of file/i, 'source.not_media'],
];

/** Trouble of the machine or the network, worth another try. */
const TRANSIENT =
  /No space left|Cannot allocate memory|Connection (refused|reset|timed out)|Input\/output error|HTTP error|Server returned|Too many open files|Broken pipe|Name or service not known|Temporary failure/i;

/** Whether messages speak of trouble that isn't the source's: a run that ended well but early should then be tried again. */
export const looksTransient = (stderr: string): boolean => TRANSIENT.test(stderr);

/**
 * The refusal that a failed ffprobe or ffmpeg stands for, or undefined if the source may be good and the run should be
 * tried again. `stage` tells what a lack of other evidence means: a probe that fails means no media, a decode that fails means damage.
 */
export function refusalOfFailure(exit: ToolExit, stage: 'probe' | 'decode'): Refusal | undefined {
  if (exit.signal !== undefined || exit.exitCode === undefined) return undefined;
  const says = (rules: Rules) => rules.find(([pattern]) => pattern.test(exit.stderr))?.[1];
  const certain = says(CERTAIN);
  if (certain) return refusal(certain);
  if (looksTransient(exit.stderr)) return undefined;
  const likely = says(LIKELY) ?? 'source.not_media';
  // While decoding, one bad packet says "invalid data" too; the container was fine.
  return refusal(stage === 'decode' && likely === 'source.not_media' ? 'source.unreadable' : likely);
}
