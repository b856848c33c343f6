import { DomainError } from '@kinora/contracts-common';
import { type CompletedPart, type StoredPart } from '@kinora/storage';
import { type PartLayout, sizeOfPart } from './part-layout';

const bare = (etag: string): string => etag.replace(/^"|"$/g, '');
const naming = (numbers: readonly number[]): string => {
  const named = numbers.slice(0, 20).join(', ');
  return `${numbers.length === 1 ? 'Part' : 'Parts'} ${named}${numbers.length > 20 ? ` and ${numbers.length - 20} more` : ''}`;
};
const refusal = (code: string, numbers: readonly number[], what: string) =>
  new DomainError('unprocessable', code, `${naming(numbers)} ${what}`, {
    errors: numbers.slice(0, 100).map((number) => ({ field: `body.parts.${number}`, message: what })),
  });

export const partsMissing = (numbers: readonly number[]) =>
  refusal('upload.part_missing', numbers, 'did not arrive. Send again what is missing.');
export const partsMismatch = (numbers: readonly number[]) =>
  refusal('upload.part_mismatch', numbers, 'differ from what was stored.');

/**
 * The parts of which the file is made, in order: all that the layout asks for, as the client names them (or as they are stored, when it
 * names none).
 * @throws `upload.part_missing`, `upload.part_mismatch`, `upload.size_mismatch`
 */
export function chooseParts(
  layout: PartLayout,
  stored: readonly StoredPart[],
  named?: readonly CompletedPart[],
): CompletedPart[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const wanted = new Map((named ?? stored).map((part) => [part.partNumber, part]));
  const numbers = Array.from({ length: layout.partCount }, (_, index) => index + 1);

  const missing = numbers.filter((number) => !wanted.has(number) || !byNumber.has(number));
  if (missing.length > 0) throw partsMissing(missing);

  const twice = (named ?? []).filter(
    (part, index, all) => all.findIndex((one) => one.partNumber === part.partNumber) !== index,
  );
  const beyond = [...wanted.keys()].filter((number) => sizeOfPart(layout, number) === undefined);
  const other = numbers.filter((number) => {
    const [want, have] = [wanted.get(number), byNumber.get(number)];
    if (bare(want?.etag ?? '') !== bare(have?.etag ?? '')) return true;
    const claimed: unknown = want && 'checksum' in want ? want.checksum : undefined;
    return typeof claimed === 'string' && claimed !== have?.checksum?.value;
  });
  const mismatch = [...twice.map((part) => part.partNumber), ...beyond, ...other];
  if (mismatch.length > 0) throw partsMismatch([...new Set(mismatch)]);

  const wrongSize = numbers.filter((number) => byNumber.get(number)?.size !== sizeOfPart(layout, number));
  if (wrongSize.length > 0) throw refusal('upload.size_mismatch', wrongSize, 'are not of the size that was agreed.');

  return numbers.flatMap((number) => {
    const part = byNumber.get(number);
    return part
      ? [{ partNumber: number, etag: part.etag, ...(part.checksum && { checksum: part.checksum.value }) }]
      : [];
  });
}
