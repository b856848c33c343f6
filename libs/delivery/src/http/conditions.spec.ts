import fc from 'fast-check';
import { readRange } from './byte-range';
import { answerFor } from './conditions';

const it0 = { etag: '"abc"', lastModified: new Date('2026-05-01T10:00:00.700Z'), size: 1000 };
const same = 'Fri, 01 May 2026 10:00:00 GMT';
const before = 'Fri, 01 May 2026 09:59:59 GMT';

describe('byte ranges (RFC 9110 §14)', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-', [0, 999]],
    ['bytes=0-0', [0, 0]],
    ['bytes=999-', [999, 999]],
    ['bytes=0-5000', [0, 999]],
    ['bytes=-1', [999, 999]],
    ['bytes=-5000', [0, 999]],
    ['BYTES=1-2', [1, 2]],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5000-6000,7000-', 'unsatisfiable'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=0-1,5000-', 'whole'],
    ['bytes=5-1', 'whole'],
    ['bytes=', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=a-b', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=0-99999999999999999999', 'whole'],
  ])('%s', (header, wanted) => {
    const range = readRange(header, 1000);
    expect(range.kind === 'part' ? [range.span.start, range.span.end] : range.kind).toEqual(wanted);
  });

  it('never leave the object', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.nat(3000)),
        fc.option(fc.nat(3000)),
        fc.nat(2000),
        (junk, first, last, size) => {
          for (const header of [`bytes=${junk}`, `bytes=${first ?? ''}-${last ?? ''}`]) {
            const range = readRange(header, size);
            if (range.kind !== 'part') continue;
            expect(range.span.start).toBeGreaterThanOrEqual(0);
            expect(range.span.end).toBeGreaterThanOrEqual(range.span.start);
            expect(range.span.end).toBeLessThan(size);
          }
        },
      ),
    );
  });
});

describe('preconditions (RFC 9110 §13)', () => {
  it.each([
    ['GET', {}, 200],
    ['GET', { 'if-none-match': '"abc"' }, 304],
    ['HEAD', { 'if-none-match': 'W/"abc"' }, 304],
    ['GET', { 'if-none-match': '"x", "abc"' }, 304],
    ['GET', { 'if-none-match': '*' }, 304],
    ['GET', { 'if-none-match': '"x"' }, 200],
    ['GET', { 'if-none-match': '"x"', 'if-modified-since': same }, 200],
    ['GET', { 'if-modified-since': same }, 304],
    ['GET', { 'if-modified-since': before }, 200],
    ['GET', { 'if-modified-since': 'yesterday' }, 200],
    ['GET', { 'if-match': '"abc"' }, 200],
    ['GET', { 'if-match': 'W/"abc"' }, 412],
    ['GET', { 'if-match': '"x"', 'if-none-match': '"abc"' }, 412],
    ['GET', { 'if-unmodified-since': before }, 412],
    ['GET', { 'if-unmodified-since': same }, 200],
    ['GET', { range: 'bytes=0-1' }, 206],
    ['HEAD', { range: 'bytes=0-1' }, 200],
    ['GET', { range: 'bytes=1000-' }, 416],
    ['GET', { range: 'bytes=0-1', 'if-none-match': '"abc"' }, 304],
    ['GET', { range: 'bytes=0-1', 'if-range': '"abc"' }, 206],
    ['GET', { range: 'bytes=0-1', 'if-range': 'W/"abc"' }, 200],
    ['GET', { range: 'bytes=0-1', 'if-range': '"x"' }, 200],
    ['GET', { range: 'bytes=1000-', 'if-range': '"x"' }, 200],
    ['GET', { range: 'bytes=0-1', 'if-range': same }, 206],
    ['GET', { range: 'bytes=0-1', 'if-range': before }, 200],
  ])('%s %j → %i', (method, headers, status) => {
    expect(answerFor(method, headers, it0).status).toBe(status);
  });
});
