/** One picture of a storyboard: a time range, and a rectangle of a sprite (whole picture when the cue has no `#xywh`). */
export interface StoryboardCue {
  readonly start: number;
  readonly end: number;
  readonly url: string;
  readonly box?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

const TIME = /(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})/;
const RANGE = new RegExp(`^\\s*${TIME.source}\\s+-->\\s+${TIME.source}`);

const seconds = (parts: readonly (string | undefined)[]) =>
  Number(parts[0] ?? 0) * 3600 + Number(parts[1]) * 60 + Number(parts[2]) + Number(parts[3]) / 1000;

/**
 * Reads a WebVTT file whose cues are picture addresses (Media Fragments `#xywh=x,y,w,h`). Cues that don't parse are left out.
 * @param base the file's own address; relative pictures resolve against it, which also carries a token in the path along
 */
export function parseStoryboard(text: string, base: string): StoryboardCue[] {
  const cues: StoryboardCue[] = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => RANGE.test(line));
    const target = lines[at + 1]?.trim();
    const match = at < 0 ? undefined : RANGE.exec(lines[at]!);
    if (!match || !target || !URL.canParse(target, base)) continue;
    const url = new URL(target, base);
    const box = /^#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/.exec(url.hash);
    url.hash = '';
    cues.push({
      start: seconds(match.slice(1, 5)),
      end: seconds(match.slice(5, 9)),
      url: url.href,
      ...(box && { box: { x: Number(box[1]), y: Number(box[2]), w: Number(box[3]), h: Number(box[4]) } }),
    });
  }
  return cues.sort((a, b) => a.start - b.start);
}

/** The picture at a time: the last cue that has begun. Undefined only when there are none. */
export function cueAt(cues: readonly StoryboardCue[], time: number): StoryboardCue | undefined {
  let [low, high] = [0, cues.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cues[middle]!.start <= time) low = middle;
    else high = middle - 1;
  }
  return cues[low];
}
