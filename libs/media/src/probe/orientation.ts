import { type Orientation } from './model';

/** The nine numbers of ffprobe's hex-dump-like `displaymatrix`, row by row; undefined if there aren't nine. */
function matrixOf(text: string | undefined): number[] | undefined {
  const rows = [...(text ?? '').matchAll(/^\s*\d{8}:\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)/gm)];
  return rows.length === 3 ? rows.flatMap((row) => row.slice(1, 4).map(Number)) : undefined;
}

/**
 * Filters that show a picture upright, chosen as ffmpeg's own autorotation does, so that mirrored phone recordings come
 * out right too. We apply them ourselves (with `-noautorotate`) to keep the picture's size known at every filter.
 * `rotation` is ffprobe's: degrees counter-clockwise. An angle that is no multiple of 90 is left alone.
 */
export function orientationOf(
  displaymatrix: string | undefined,
  rotation: number | undefined,
): { degrees: number; filters: Orientation[] } {
  const matrix = matrixOf(displaymatrix);
  const degrees = ((Math.round(-(rotation ?? 0)) % 360) + 360) % 360;
  const [a = 1, , , b = 0, c = 1] = matrix ?? [];
  switch (degrees) {
    case 90:
      return { degrees, filters: [matrix && b > 0 ? 'cclock_flip' : 'clock'] };
    case 180:
      return matrix
        ? { degrees, filters: [...(a < 0 ? (['hflip'] as const) : []), ...(c < 0 ? (['vflip'] as const) : [])] }
        : { degrees, filters: ['hflip', 'vflip'] };
    case 270:
      return { degrees, filters: [matrix && b < 0 ? 'clock_flip' : 'cclock'] };
    default:
      return { degrees: 0, filters: degrees === 0 && c < 0 ? ['vflip'] : [] };
  }
}
