/** The part of a job's settings, by the names of the wire, that the stand-in acts on. All of it may be missing. */
export interface WireSettings {
  readonly inputs?: readonly WireInput[];
  readonly outputGroups?: readonly WireGroup[];
}

export interface WireInput {
  readonly fileInput?: string;
  readonly audioSelectors?: Readonly<Record<string, { readonly streams?: number[]; readonly tracks?: number[] }>>;
  readonly videoSelector?: { readonly rotate?: string };
}

export interface WireGroup {
  readonly outputGroupSettings?: { readonly type?: string; readonly cmafGroupSettings?: WireCmaf };
  readonly outputs?: readonly WireOutput[];
}

export interface WireCmaf {
  readonly destination?: string;
  readonly segmentLength?: number;
  readonly fragmentLength?: number;
  readonly segmentControl?: string;
}

export interface WireOutput {
  readonly nameModifier?: string;
  readonly containerSettings?: { readonly container?: string };
  readonly videoDescription?: WireVideo;
  readonly audioDescriptions?: readonly WireAudio[];
}

export interface WireVideo {
  readonly width?: number;
  readonly height?: number;
  readonly codecSettings?: { readonly codec?: string; readonly h264Settings?: WireH264 };
  readonly videoPreprocessors?: {
    readonly deinterlacer?: object;
    readonly colorCorrector?: { readonly colorSpaceConversion?: string; readonly hdrToSdrToneMapper?: string };
  };
}

export interface WireH264 {
  readonly rateControlMode?: string;
  readonly qvbrSettings?: { readonly qvbrQualityLevel?: number };
  readonly maxBitrate?: number;
  readonly hrdBufferSize?: number;
  readonly codecProfile?: string;
  readonly codecLevel?: string;
  readonly gopSizeUnits?: string;
  readonly gopSize?: number;
  readonly numberBFramesBetweenReferenceFrames?: number;
  readonly framerateControl?: string;
  readonly framerateNumerator?: number;
  readonly framerateDenominator?: number;
}

export interface WireAudio {
  readonly audioSourceName?: string;
  readonly codecSettings?: {
    readonly codec?: string;
    readonly aacSettings?: { readonly bitrate?: number; readonly sampleRate?: number; readonly codingMode?: string };
  };
}

function h264Problems(path: string, h264: WireH264): string[] {
  const qvbr = h264.rateControlMode === 'QVBR';
  return [
    ...(qvbr && h264.maxBitrate === undefined ? [`${path}/maxBitrate: is required when rateControlMode is QVBR`] : []),
    ...(!qvbr && h264.qvbrSettings ? [`${path}/qvbrSettings: needs rateControlMode QVBR`] : []),
    ...(h264.framerateControl === 'SPECIFIED' && !(h264.framerateNumerator && h264.framerateDenominator)
      ? [`${path}/framerateNumerator: is required when framerateControl is SPECIFIED`]
      : []),
    ...(h264.gopSizeUnits === 'AUTO' && h264.gopSize !== undefined ? [`${path}/gopSize: contradicts AUTO`] : []),
  ];
}

function outputProblems(path: string, output: WireOutput, input: WireInput | undefined): string[] {
  const h264 = output.videoDescription?.codecSettings?.h264Settings;
  const selectors = Object.keys(input?.audioSelectors ?? {});
  return [
    ...(h264 ? h264Problems(`${path}/videoDescription/codecSettings/h264Settings`, h264) : []),
    ...(output.videoDescription || output.audioDescriptions ? [] : [`${path}: has neither video nor audio`]),
    ...(output.audioDescriptions ?? []).flatMap(({ audioSourceName }, n) =>
      audioSourceName === undefined || selectors.includes(audioSourceName)
        ? []
        : [`${path}/audioDescriptions/${n}/audioSourceName: there is no selector ${audioSourceName}`],
    ),
  ];
}

function groupProblems(path: string, group: WireGroup, input: WireInput | undefined): string[] {
  const cmaf = group.outputGroupSettings?.cmafGroupSettings;
  const outputs = group.outputs ?? [];
  const modifiers = outputs.map(({ nameModifier }) => nameModifier);
  const { segmentLength = 10, fragmentLength = 2 } = cmaf ?? {};
  return [
    ...(cmaf?.destination === undefined
      ? [`${path}/outputGroupSettings/cmafGroupSettings/destination: is required`]
      : []),
    ...(segmentLength % fragmentLength === 0
      ? []
      : [`${path}/outputGroupSettings/cmafGroupSettings/fragmentLength: doesn't divide segmentLength`]),
    ...(outputs.length === 0 ? [`${path}/outputs: is required`] : []),
    ...(outputs.length > 1 && (modifiers.includes(undefined) || new Set(modifiers).size < outputs.length)
      ? [`${path}/outputs: several outputs need different nameModifiers`]
      : []),
    ...outputs.flatMap((output, n) => outputProblems(`${path}/outputs/${n}`, output, input)),
  ];
}

/**
 * What the user guide and the descriptions in the model ask of settings beyond types: members that need each other, names
 * that must differ. Only for what the stand-in can do; other kinds of output it refuses too, and says so.
 */
export function ruleProblems(settings: WireSettings): string[] {
  const [input] = settings.inputs ?? [];
  const groups = settings.outputGroups ?? [];
  return [
    ...(input?.fileInput === undefined ? ['/settings/inputs/0/fileInput: is required'] : []),
    ...(groups.length === 0 ? ['/settings/outputGroups: is required'] : []),
    ...groups.flatMap((group, n) => {
      const path = `/settings/outputGroups/${n}`;
      return group.outputGroupSettings?.type === 'CMAF_GROUP_SETTINGS'
        ? groupProblems(path, group, input)
        : [`${path}/outputGroupSettings/type: this stand-in makes CMAF only`];
    }),
  ];
}
