import { readRange, type Span } from './byte-range';

/** The headers that decide what is answered; as Node gives them. */
export interface ConditionHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
  readonly 'if-modified-since'?: string | undefined;
  readonly 'if-unmodified-since'?: string | undefined;
  readonly 'if-range'?: string | undefined;
  readonly range?: string | undefined;
}

export interface Representation {
  /** Strong and quoted. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly size: number;
}

export type Answer = { readonly status: 200 | 304 | 412 | 416 } | { readonly status: 206; readonly span: Span };

/** HTTP dates have no milliseconds. */
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
const parseDate = (text: string | undefined): number | undefined => {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
};

/** Does a list of entity tags (or `*`) name this one? Weak comparison ignores the `W/`. */
function names(list: string, etag: string, weak: boolean): boolean {
  if (list.trim() === '*') return true;
  return list.split(',').some((item) => {
    const tag = item.trim();
    return tag === etag || (weak && tag === `W/${etag}`);
  });
}

/** Evaluates preconditions in the order of RFC 9110 §13.2.2, then the range. `Range` counts for GET alone (§14.2). */
export function answerFor(method: string, headers: ConditionHeaders, it: Representation): Answer {
  if (headers['if-match'] !== undefined) {
    if (!names(headers['if-match'], it.etag, false)) return { status: 412 };
  } else {
    const since = parseDate(headers['if-unmodified-since']);
    if (since !== undefined && seconds(it.lastModified) > since) return { status: 412 };
  }
  if (headers['if-none-match'] !== undefined) {
    if (names(headers['if-none-match'], it.etag, true)) return { status: 304 };
  } else {
    const since = parseDate(headers['if-modified-since']);
    if (since !== undefined && seconds(it.lastModified) <= since) return { status: 304 };
  }
  if (method !== 'GET' || headers.range === undefined || !sameAs(headers['if-range'], it)) return { status: 200 };
  const range = readRange(headers.range, it.size);
  if (range.kind === 'part') return { status: 206, span: range.span };
  return { status: range.kind === 'whole' ? 200 : 416 };
}

/** `If-Range` (§13.1.5): strong comparison of a tag, or exact equality of a date; absent counts as the same. */
function sameAs(ifRange: string | undefined, it: Representation): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return ifRange === it.etag;
  return parseDate(ifRange) === seconds(it.lastModified);
}
