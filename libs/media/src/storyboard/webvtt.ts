import { type StoryboardPlan } from '../plan/encoding-plan';

/** `01:02:03.004`, as WebVTT wants it. */
function stamp(ms: number): string {
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}.${part(ms % 1000, 3)}`;
}

/** Name of a sheet, counted from 1, relative to the WebVTT file. */
export const sheetName = (number: number): string => `storyboard/${number}.jpg`;

/** Tiles and sheets that a video of this length has. */
export function storyboardSize(
  plan: Pick<StoryboardPlan, 'intervalMs' | 'columns' | 'rows'>,
  durationMs: number,
): { tiles: number; sheets: number } {
  const tiles = Math.max(1, Math.ceil(durationMs / plan.intervalMs));
  return { tiles, sheets: Math.ceil(tiles / (plan.columns * plan.rows)) };
}

/** The WebVTT file that tells players which part of which sheet shows what time (`#xywh=`, Media Fragments URI 1.0 §4.2.2). */
export function storyboardVtt(
  plan: StoryboardPlan,
  durationMs: number,
  sheet: (number: number) => string = sheetName,
): string {
  const { tiles } = storyboardSize(plan, durationMs);
  const perSheet = plan.columns * plan.rows;
  const cues = Array.from({ length: tiles }, (_, n) => {
    const cell = n % perSheet;
    const x = (cell % plan.columns) * plan.tileWidth;
    const y = Math.floor(cell / plan.columns) * plan.tileHeight;
    const end = Math.min((n + 1) * plan.intervalMs, Math.max(durationMs, n * plan.intervalMs + 1));
    return `${stamp(n * plan.intervalMs)} --> ${stamp(end)}\n${sheet(Math.floor(n / perSheet) + 1)}#xywh=${x},${y},${plan.tileWidth},${plan.tileHeight}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}
