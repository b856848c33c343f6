import { DomainError } from '@kinora/contracts-common';
import { createHash } from 'node:crypto';

const invalid = () =>
  new DomainError('invalid', 'request.cursor_invalid', 'The cursor is not one of ours, or belongs to another query.');

/** Eight characters that stand for a query, so that a cursor is only good for the query it came from. */
const fingerprint = (query: unknown): string =>
  createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 8);

/** Makes an opaque cursor of a position in the answer to a query. */
export const encodeCursor = (query: unknown, position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify([fingerprint(query), ...position])).toString('base64url');

/**
 * The position in a cursor.
 * @throws DomainError `request.cursor_invalid`
 */
export function decodeCursor(query: unknown, cursor: string): readonly (string | number)[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalid();
  }
  if (!Array.isArray(value) || value[0] !== fingerprint(query)) throw invalid();
  const position: unknown[] = value.slice(1);
  if (!position.every((one) => typeof one === 'string' || typeof one === 'number')) throw invalid();
  return position;
}

/** The id in a cursor of a list in the order of ids; undefined for the first page. */
export function idAfter(query: unknown, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id] = decodeCursor(query, cursor);
  if (typeof id !== 'string') throw invalid();
  return id;
}

/** Cuts a page out of `limit + 1` rows and makes the cursor of the next one. */
export function pageOf<T extends { readonly id: string }>(
  query: unknown,
  rows: readonly T[],
  limit: number,
): { items: readonly T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(query, [last.id]) : null };
}
