/** How a file is cut: every part has `partSize` bytes but the last. Part numbers start at 1, as in S3. */
export interface Cut {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

export const rangeOf = ({ size, partSize }: Cut, partNumber: number) => {
  const start = (partNumber - 1) * partSize;
  return { start, end: Math.min(size, start + partSize) };
};

export const bytesOf = (cut: Cut, partNumber: number): number => {
  const { start, end } = rangeOf(cut, partNumber);
  return end - start;
};

/** Numbers of the parts that are still to be sent. A part of another length than it should have is sent again. */
export function missingParts(cut: Cut, arrived: readonly { partNumber: number; size: number }[]): number[] {
  const good = new Set(
    arrived.filter(({ partNumber, size }) => size === bytesOf(cut, partNumber)).map(({ partNumber }) => partNumber),
  );
  return Array.from({ length: cut.partCount }, (_, i) => i + 1).filter((n) => !good.has(n));
}

/** Title of a video until somebody gives it a better one: the file's name without ending, underscores as spaces. */
export function titleFrom(filename: string): string {
  const stem = filename
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/_+/g, ' ')
    .trim();
  return (stem || filename).slice(0, 200);
}

/** Bytes per second over the last few seconds. */
export class SpeedMeter {
  #points: { at: number; bytes: number }[] = [];
  constructor(private readonly windowMs = 6000) {}

  /** @param bytes sent so far, in all @param at milliseconds */
  note(bytes: number, at: number): number {
    this.#points.push({ at, bytes });
    while (this.#points.length > 2 && this.#points[0]!.at < at - this.windowMs) this.#points.shift();
    const [first, last] = [this.#points[0]!, this.#points.at(-1)!];
    const ms = last.at - first.at;
    return ms < 300 ? 0 : Math.max(0, ((last.bytes - first.bytes) / ms) * 1000);
  }
}
