import { type EncodingPlan, type SourcePlan } from '../plan/encoding-plan';
import { audioOutput, videoOutput } from './outputs';

/** Name that all files of a job begin with; what follows says of which rendition they are. */
const BASE = 'main';

/** Seconds. What the segments of our own encoder have too, but for the two short ones at its start. */
const SEGMENT = 6;
const FRAGMENT = 2;

export interface JobPlaces {
  /** `s3://bucket/key` of the source. */
  readonly input: string;
  /** `s3://bucket/folder/` for what the job writes. */
  readonly folder: string;
}

const DEGREES = { clock: 'DEGREES_90', cclock: 'DEGREES_270' } as const;

/**
 * How the service is to turn the picture; undefined for what it can't do (mirrored pictures). From the plan and not
 * `AUTO`: that reads MP4 and MOV only, and both engines shall turn by the same facts.
 */
export function rotationOf({ orientation }: Pick<SourcePlan, 'orientation'>) {
  const [first, second] = orientation;
  if (first === undefined) return 'DEGREE_0' as const;
  if (first === 'hflip' && second === 'vflip') return 'DEGREES_180' as const;
  return second === undefined && (first === 'clock' || first === 'cclock') ? DEGREES[first] : undefined;
}

const selectorName = (n: number): string => `Audio Selector ${n + 1}`;

const input = (plan: EncodingPlan, file: string) => ({
  FileInput: file,
  TimecodeSource: 'ZEROBASED' as const,
  PsiControl: 'USE_PSI' as const,
  FilterEnable: 'AUTO' as const,
  DeblockFilter: 'DISABLED' as const,
  DenoiseFilter: 'DISABLED' as const,
  VideoSelector: {
    ColorSpace: 'FOLLOW' as const,
    Rotate: rotationOf(plan.source) ?? ('DEGREE_0' as const),
  },
  ...(plan.audio.length > 0 && {
    AudioSelectors: Object.fromEntries(
      plan.audio.map((track, n) => [
        selectorName(n),
        {
          // By the number in the file: track numbers count audio tracks alone, those that we left out among them.
          SelectorType: 'STREAM' as const,
          Streams: [track.streamIndex + 1],
          DefaultSelection: track.isDefault ? ('DEFAULT' as const) : ('NOT_DEFAULT' as const),
        },
      ]),
    ),
  }),
});

const cmaf = (folder: string) => ({
  Type: 'CMAF_GROUP_SETTINGS' as const,
  CmafGroupSettings: {
    Destination: `${folder}${BASE}`,
    SegmentControl: 'SEGMENTED_FILES' as const,
    SegmentLength: SEGMENT,
    // Whole GOPs: at 29.97 frames a second three of them last 6.006 s, and an exact length would add keyframes.
    SegmentLengthControl: 'GOP_MULTIPLE' as const,
    FragmentLength: FRAGMENT,
    // The first picture is at zero, as the sound is.
    VideoCompositionOffsets: 'SIGNED' as const,
    TargetDurationCompatibilityMode: 'SPEC_COMPLIANT' as const,
    CodecSpecification: 'RFC_6381' as const,
    ManifestCompression: 'NONE' as const,
    ManifestDurationFormat: 'FLOATING_POINT' as const,
    StreamInfResolution: 'INCLUDE' as const,
    WriteHlsManifest: 'ENABLED' as const,
    WriteDashManifest: 'ENABLED' as const,
    WriteSegmentTimelineInRepresentation: 'ENABLED' as const,
  },
});

/**
 * The plan as settings of an AWS Elemental MediaConvert job (`JobSettings` of its API of 2017-08-29): one CMAF group
 * with an output for every rung and one for every audio track. Plain data; pure.
 * @param plan one that {@link mediaConvertObstacle} finds nothing against
 */
export const mediaConvertSettings = (plan: EncodingPlan, { input: file, folder }: JobPlaces) => ({
  TimecodeConfig: { Source: 'ZEROBASED' as const },
  Inputs: [input(plan, file)],
  OutputGroups: [
    {
      Name: 'CMAF',
      OutputGroupSettings: cmaf(folder),
      Outputs: [
        ...plan.rungs.map((rung) => videoOutput(plan, rung)),
        ...plan.audio.map((track, n) => audioOutput(track, selectorName(n))),
      ],
    },
  ],
});

export type MediaConvertSettings = ReturnType<typeof mediaConvertSettings>;
