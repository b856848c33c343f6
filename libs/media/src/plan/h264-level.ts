/** Rows of table A-1 of ITU-T H.264: level, macroblocks a second, macroblocks a frame, kbit/s (Main), decoded-picture buffer in macroblocks. */
const LEVELS: readonly (readonly [string, number, number, number, number])[] = [
  ['1.3', 11_880, 396, 768, 2_376],
  ['2', 11_880, 396, 2_000, 2_376],
  ['2.1', 19_800, 792, 4_000, 4_752],
  ['2.2', 20_250, 1_620, 4_000, 8_100],
  ['3', 40_500, 1_620, 10_000, 8_100],
  ['3.1', 108_000, 3_600, 14_000, 18_000],
  ['3.2', 216_000, 5_120, 20_000, 20_480],
  ['4', 245_760, 8_192, 20_000, 32_768],
  ['4.1', 245_760, 8_192, 50_000, 32_768],
  ['4.2', 522_240, 8_704, 50_000, 34_816],
  ['5', 589_824, 22_080, 135_000, 110_400],
  ['5.1', 983_040, 36_864, 240_000, 184_320],
  ['5.2', 2_073_600, 36_864, 240_000, 184_320],
  ['6.2', 16_711_680, 139_264, 800_000, 696_320],
];

/**
 * The lowest H.264 level that holds a picture size, a rate and a peak bitrate, with room for `references` frames in the decoder
 * (veryfast keeps one, and B-frames one more; four leaves room for other presets).
 */
export function h264Level(
  width: number,
  height: number,
  framesPerSecond: number,
  maxrate: number,
  references = 4,
): string {
  const columns = Math.ceil(width / 16);
  const rows = Math.ceil(height / 16);
  const size = columns * rows;
  const fits = LEVELS.find(
    ([, rate, frame, kbps, buffer]) =>
      size * framesPerSecond <= rate &&
      size <= frame &&
      Math.max(columns, rows) <= Math.sqrt(8 * frame) &&
      maxrate <= kbps * 1000 &&
      size * references <= buffer,
  );
  return fits?.[0] ?? '6.2';
}
