import { type AudioPlan, type EncodingPlan, type Rung } from '../plan/encoding-plan';

/** What the service adds to the names of an output's files. */
export const nameModifier = (renditionId: string): string => `_${renditionId}`;

/** Levels that MediaConvert knows, as x264 writes them. */
const LEVELS = ['1.3', '2', '2.1', '2.2', '3', '3.1', '3.2', '4', '4.1', '4.2', '5', '5.1', '5.2'] as const;
type Underscored<T extends string> = T extends `${infer A}.${infer B}` ? `LEVEL_${A}_${B}` : `LEVEL_${T}`;

function levelOf({ level }: Rung): Underscored<(typeof LEVELS)[number]> | 'AUTO' {
  const known = LEVELS.find((one) => one === level);
  return known ? (`LEVEL_${known.replace('.', '_')}` as Underscored<typeof known>) : 'AUTO';
}

/** 1 to 10. AWS advises 8 or 9 for television sets, 7 for computers and 6 for telephones. */
const qualityOf = ({ width, height }: Rung): number => {
  const side = Math.min(width, height);
  return side >= 1080 ? 8 : side >= 480 ? 7 : 6;
};

const codec = (plan: EncodingPlan, rung: Rung) => ({
  Codec: 'H_264' as const,
  H264Settings: {
    RateControlMode: 'QVBR' as const,
    QvbrSettings: { QvbrQualityLevel: qualityOf(rung) },
    MaxBitrate: rung.maxrate,
    HrdBufferSize: rung.bufsize,
    QualityTuningLevel: 'SINGLE_PASS_HQ' as const,
    AdaptiveQuantization: 'AUTO' as const,
    CodecProfile: rung.profile === 'high' ? ('HIGH' as const) : ('MAIN' as const),
    CodecLevel: levelOf(rung),
    // Keyframes at the same pictures in every rung, and nowhere else.
    GopSizeUnits: 'FRAMES' as const,
    GopSize: plan.gopFrames,
    GopClosedCadence: 1,
    SceneChangeDetect: 'DISABLED' as const,
    MinIInterval: 0,
    NumberBFramesBetweenReferenceFrames: 2,
    DynamicSubGop: 'STATIC' as const,
    NumberReferenceFrames: 3,
    FramerateControl: 'SPECIFIED' as const,
    FramerateNumerator: plan.rate.num,
    FramerateDenominator: plan.rate.den,
    FramerateConversionAlgorithm: 'DUPLICATE_DROP' as const,
    ParControl: 'SPECIFIED' as const,
    ParNumerator: 1,
    ParDenominator: 1,
    InterlaceMode: 'PROGRESSIVE' as const,
    WriteMp4PackagingType: 'AVC1' as const,
  },
});

/** What is done to the pictures before they are encoded: the same as our own filters do. */
function preprocessors({ interlaced, colour }: EncodingPlan['source']) {
  const convert = colour.hdr !== false || !['bt709', 'bt601'].includes(colour.matrix);
  const squeeze = colour.range === 'pc' && !colour.rgb;
  return {
    ...(interlaced && {
      Deinterlacer: {
        Mode: 'DEINTERLACE' as const,
        Algorithm: 'INTERPOLATE' as const,
        Control: 'NORMAL' as const,
      },
    }),
    ...((convert || squeeze) && {
      ColorCorrector: {
        ...(convert && { ColorSpaceConversion: 'FORCE_709' as const }),
        ...(colour.hdr !== false && { HdrToSdrToneMapper: 'PRESERVE_DETAILS' as const }),
        ...(squeeze && { SampleRangeConversion: 'LIMITED_RANGE_SQUEEZE' as const }),
      },
    }),
  };
}

/** The output of one rung. */
export const videoOutput = (plan: EncodingPlan, rung: Rung) => ({
  NameModifier: nameModifier(rung.id),
  ContainerSettings: { Container: 'CMFC' as const, CmfcSettings: {} },
  VideoDescription: {
    Width: rung.width,
    Height: rung.height,
    // The size has the shape of the picture as it is shown; bars would be added for what rounding bends.
    ScalingBehavior: 'STRETCH_TO_OUTPUT' as const,
    AntiAlias: 'ENABLED' as const,
    RespondToAfd: 'NONE' as const,
    TimecodeInsertion: 'DISABLED' as const,
    CodecSettings: codec(plan, rung),
    VideoPreprocessors: preprocessors(plan.source),
  },
});

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9-]+)?$/;

/** The output of one audio track; as long as the pictures, since some players stop where the first track ends. */
export const audioOutput = (track: AudioPlan, selector: string) => ({
  NameModifier: nameModifier(track.id),
  ContainerSettings: {
    Container: 'CMFC' as const,
    CmfcSettings: {
      AudioDuration: 'MATCH_VIDEO_DURATION' as const,
      AudioTrackType: track.isDefault
        ? ('ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT' as const)
        : ('ALTERNATE_AUDIO_AUTO_SELECT' as const),
    },
  },
  AudioDescriptions: [
    {
      AudioSourceName: selector,
      // Letters, digits and spaces are all that the service takes.
      StreamName: track.name.replace(/\W+/g, ' ').trim(),
      ...(track.language !== undefined &&
        LANGUAGE.test(track.language) && {
          LanguageCodeControl: 'USE_CONFIGURED' as const,
          CustomLanguageCode: track.language,
        }),
      CodecSettings: {
        Codec: 'AAC' as const,
        AacSettings: {
          RateControlMode: 'CBR' as const,
          CodecProfile: 'LC' as const,
          CodingMode: track.channels === 1 ? ('CODING_MODE_1_0' as const) : ('CODING_MODE_2_0' as const),
          Bitrate: track.bitrate,
          SampleRate: track.sampleRate,
        },
      },
    },
  ],
});
