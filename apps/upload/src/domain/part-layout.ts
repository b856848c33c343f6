/** How a file is cut into parts: all of one size but the last. */
export interface PartLayout {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

const MIB = 1024 ** 2;
/** S3 takes 10,000 parts; a margin below keeps sizes at whole mebibytes. */
const MOST_PARTS = 9_500;

/** @param preferred bytes of a part of an ordinary file; twice that above 4 GiB, and more where the number of parts demands it. */
export function layOut(size: number, preferred: number): PartLayout {
  const comfortable = size > 4 * 1024 * MIB ? preferred * 2 : preferred;
  const needed = Math.ceil(size / MOST_PARTS / MIB) * MIB;
  const partSize = Math.max(comfortable, needed);
  return { size, partSize, partCount: Math.max(1, Math.ceil(size / partSize)) };
}

/** Bytes of a part, from 1; undefined for a number that the file does not have. */
export function sizeOfPart({ size, partSize, partCount }: PartLayout, partNumber: number): number | undefined {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > partCount) return undefined;
  return partNumber < partCount ? partSize : size - partSize * (partCount - 1);
}
