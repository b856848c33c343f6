import { z } from 'zod';

/** An exact positive fraction, such as the frame rate 30000/1001. */
export const Rational = z.object({ num: z.int().positive(), den: z.int().positive() });
export type Rational = z.output<typeof Rational>;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The same fraction in lowest terms. */
export function reduce({ num, den }: Rational): Rational {
  const divisor = gcd(num, den);
  return { num: num / divisor, den: den / divisor };
}

export const toNumber = ({ num, den }: Rational): number => num / den;

/** Reads ffprobe's `30000/1001` or `16:11`. Undefined for `0/0`, `0:1`, negatives and anything that is no fraction. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(\d{1,15})[/:](\d{1,15})$/.exec(text ?? '');
  if (!match) return undefined;
  const num = Number(match[1]);
  const den = Number(match[2]);
  return num > 0 && den > 0 ? reduce({ num, den }) : undefined;
}

/** As ffmpeg takes it on a command line: `30000/1001`, `25`. */
export const formatRational = ({ num, den }: Rational): string => (den === 1 ? String(num) : `${num}/${den}`);
