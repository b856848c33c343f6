/** Where a tool reads its input: a path on this machine, a URL that was vetted (presigned by us), or its standard input. */
export type MediaInput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'stdin' };

/**
 * Demuxers of real media files. Nothing that opens further files or addresses by itself (hls, dash, concat, image2), nothing
 * that takes any text for media (tty, subtitles). Both this list and the protocols' are needed: either alone leaks.
 */
const CONTAINERS = [
  'mov',
  'matroska',
  'webm',
  'mpegts',
  'mpeg',
  'avi',
  'flv',
  'asf',
  'ogg',
  'mxf',
  'gxf',
  'dv',
  'ivf',
  'nut',
];
/** Sound files: probed so that we can say "there is no video in it"; never encoded. */
const SOUND = ['mp3', 'wav', 'flac', 'aac'];

const VIDEO_DECODERS = [
  'h264',
  'hevc',
  'av1',
  'libdav1d',
  'libaom-av1',
  'vp8',
  'vp9',
  'vp6',
  'vp6f',
  'mpeg1video',
  'mpeg2video',
  'mpeg4',
  'msmpeg4v1',
  'msmpeg4v2',
  'msmpeg4',
  'h263',
  'flv',
  'wmv1',
  'wmv2',
  'wmv3',
  'vc1',
  'theora',
  'mjpeg',
  'prores',
  'dnxhd',
  'dvvideo',
  'cfhd',
  'ffv1',
  'ffvhuff',
  'huffyuv',
  'utvideo',
  'qtrle',
  'png',
  'rawvideo',
  'v210',
  'jpeg2000',
  'libopenjpeg',
  'hap',
  'svq3',
  'magicyuv',
];
const AUDIO_DECODERS = [
  'aac',
  'aac_fixed',
  'aac_latm',
  'ac3',
  'ac3_fixed',
  'eac3',
  'mp1',
  'mp1float',
  'mp2',
  'mp2float',
  'mp3',
  'mp3float',
  'flac',
  'alac',
  'vorbis',
  'libvorbis',
  'opus',
  'libopus',
  'speex',
  'libspeex',
  'wmav1',
  'wmav2',
  'wmapro',
  'wmalossless',
  'dca',
  'truehd',
  'mlp',
  'amrnb',
  'amrwb',
  'nellymoser',
  'pcm_alaw',
  'pcm_mulaw',
  'pcm_u8',
  'pcm_s8',
  'pcm_s16le',
  'pcm_s16be',
  'pcm_s24le',
  'pcm_s24be',
  'pcm_s32le',
  'pcm_s32be',
  'pcm_f32le',
  'pcm_f32be',
  'pcm_f64le',
  'pcm_f64be',
  'pcm_bluray',
  'pcm_dvd',
  'adpcm_ms',
  'adpcm_ima_wav',
  'adpcm_ima_qt',
  'adpcm_swf',
  'qdm2',
  'cook',
];

/** Codecs whose decoders have other names. */
const ALIASES: Readonly<Record<string, string>> = { dts: 'dca', amr_nb: 'amrnb', amr_wb: 'amrwb' };

/** Whether sound in this codec (as ffprobe names it) is among what we decode. */
export const isDecodable = (codec: string): boolean => AUDIO_DECODERS.includes(ALIASES[codec] ?? codec);

/** Pixels of one picture beyond which nothing is decoded: a little over 8192×4320. */
export const MAX_PIXELS = 36_000_000;
/** Streams in one file beyond which it is refused. */
export const MAX_STREAMS = 64;

const PROTOCOLS = { file: 'file', url: 'https,http,tcp,tls,crypto', stdin: 'pipe' } as const;

const address = (input: MediaInput): string => {
  switch (input.kind) {
    case 'file':
      return `file:${input.path}`;
    case 'url':
      if (!/^https?:\/\//.test(input.url)) throw new Error('a media URL must be http or https');
      return input.url;
    case 'stdin':
      return 'pipe:0';
  }
};

/** Seconds without a byte after which a URL is given up, in ffmpeg's microseconds. */
const NETWORK = [
  '-rw_timeout',
  '30000000',
  '-reconnect',
  '1',
  '-reconnect_on_network_error',
  '1',
  '-reconnect_delay_max',
  '8',
];

/** Options that go before `-i` and the input itself. For ffmpeg and ffprobe alike, on every command we run. */
export function inputArguments(
  input: MediaInput,
  { before = [], sound = false }: { before?: readonly string[]; sound?: boolean } = {},
): string[] {
  return [
    '-protocol_whitelist',
    PROTOCOLS[input.kind],
    '-format_whitelist',
    [...CONTAINERS, ...(sound ? SOUND : [])].join(','),
    '-codec_whitelist',
    [...VIDEO_DECODERS, ...AUDIO_DECODERS].join(','),
    '-max_streams',
    String(MAX_STREAMS),
    '-max_pixels',
    String(MAX_PIXELS),
    ...(input.kind === 'url' ? NETWORK : []),
    ...before,
    '-i',
    address(input),
  ];
}
