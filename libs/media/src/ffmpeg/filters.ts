import { type EncodingPlan, type Rung, type SourcePlan } from '../plan/encoding-plan';
import { type Rational, formatRational } from '../rational';

/** A chunk's frames, or for stills any part of the video. */
export interface FrameRange {
  readonly startFrame: number;
  readonly endFrame: number | null;
}

type Colour = Pick<EncodingPlan, 'source'>['source']['colour'];

/** Names under which the output's colours are declared. SD stays BT.601, all else is or becomes BT.709. */
export const outputColour = ({ hdr, matrix }: Colour): { matrix: string; scaleMatrix: string } =>
  !hdr && matrix === 'bt601'
    ? { matrix: 'smpte170m', scaleMatrix: 'bt601' }
    : { matrix: 'bt709', scaleMatrix: 'bt709' };

const transpose = (name: SourcePlan['orientation'][number]): string =>
  name.endsWith('flip') && !name.includes('clock') ? name : `transpose=${name}`;

/**
 * Filters that give upright progressive pictures of one known size, whatever happens in mid-stream. The first `scale`
 * costs nothing while the size is as probed; it guards the others, which trust their link's size, against one that
 * changes (we run with `-reinit_filter 0`: a rebuilt graph would start its clock anew).
 */
export function uprightFilters(source: SourcePlan): string[] {
  return [
    `scale=${source.width}:${source.height}`,
    ...(source.interlaced ? ['bwdif=mode=send_frame:parity=auto:deint=interlaced'] : []),
    ...source.orientation.map(transpose),
  ];
}

/**
 * Filters that put frames on the grid of the output rate, so that a frame's timestamp is its number, and keep those
 * of one range, renumbered from zero. After `fps` the time base is exactly 1/R: `trim` counts frames, nothing rounds.
 */
export function gridFilters(startTicks: number, rate: Rational, range: FrameRange): string[] {
  const { startFrame, endFrame } = range;
  return [
    `setpts=PTS-(${startTicks})`,
    // The last frame lasts as long as any other; some demuxers end a file at its start, and rounding would lose it.
    // The first chunk begins at zero even if the first frame that decodes is later; the others must see the frame before.
    `fps=${formatRational(rate)}:round=near${startFrame === 0 ? ':start_time=0' : ''}:eof_action=pass`,
    `trim=start_pts=${startFrame}${endFrame === null ? '' : `:end_pts=${endFrame}`}`,
    ...(startFrame === 0 ? [] : [`setpts=PTS-${startFrame}`]),
  ];
}

const tonemap = (hdr: 'pq' | 'hlg', range: 'tv' | 'pc'): string[] => [
  `zscale=transfer=linear:npl=100:transferin=${hdr === 'pq' ? 'smpte2084' : 'arib-std-b67'}:matrixin=bt2020nc:primariesin=bt2020:rangein=${range === 'pc' ? 'full' : 'limited'}`,
  'format=gbrpf32le',
  'zscale=primaries=bt709',
  'tonemap=tonemap=hable:desat=0',
  'zscale=transfer=bt709:matrix=bt709:range=limited',
];

/** Filters that bring pictures to a size in 8-bit 4:2:0, square pixels, limited range, with their colours declared. */
export function normaliseFilters(colour: Colour, size: Pick<Rung, 'width' | 'height'>): string[] {
  const out = outputColour(colour);
  const convert = !colour.hdr && (colour.rgb || colour.range === 'pc' || colour.matrix !== out.scaleMatrix);
  const scale = [
    `scale=${size.width}:${size.height}`,
    ...(convert
      ? [
          ...(colour.rgb ? [] : [`in_color_matrix=${colour.matrix}`, `in_range=${colour.range}`]),
          `out_color_matrix=${out.scaleMatrix}`,
          'out_range=tv',
        ]
      : []),
  ].join(':');
  return [
    scale,
    ...(colour.hdr ? tonemap(colour.hdr, colour.range) : []),
    'format=yuv420p',
    'setsar=1',
    `setparams=range=tv:color_primaries=${out.matrix}:color_trc=${out.matrix}:colorspace=${out.matrix}`,
  ];
}
