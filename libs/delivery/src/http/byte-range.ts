/** First and last byte, both inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type RangeRequest =
  { readonly kind: 'whole' } | { readonly kind: 'part'; readonly span: Span } | { readonly kind: 'unsatisfiable' };

/**
 * Reads a `Range` header (RFC 9110 §14.2) for a representation of `size` bytes. What isn't understood is ignored, as the
 * RFC asks. Of several ranges none is served singly: the whole is answered, which §14.2 allows and which costs an
 * attacker's thousand overlapping ranges nothing; but if none of them can be satisfied, that is said.
 */
export function readRange(header: string | undefined, size: number): RangeRequest {
  const [, list] = /^bytes=([\d\s,-]{1,1000})$/i.exec(header ?? '') ?? [];
  if (list === undefined) return { kind: 'whole' };
  const spans: (Span | undefined)[] = [];
  for (const item of list.split(',')) {
    const [, first, last] = /^\s*(\d{0,15})-(\d{0,15})\s*$/.exec(item) ?? [];
    if (first === undefined || last === undefined || first + last === '') return { kind: 'whole' };
    if (first !== '' && last !== '' && Number(last) < Number(first)) return { kind: 'whole' };
    const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
    spans.push(start <= end ? { start, end } : undefined);
  }
  const [only] = spans;
  if (spans.every((span) => span === undefined)) return { kind: 'unsatisfiable' };
  return spans.length === 1 && only ? { kind: 'part', span: only } : { kind: 'whole' };
}
