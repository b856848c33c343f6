import { rangeOf } from './report';

const now = Date.UTC(2026, 0, 15, 10, 20);
const iso = (ms: number) => new Date(ms).toISOString();

describe('the period of a report', () => {
  it('is 30 days by the day unless told, with today in it', () => {
    const { start, end, interval } = rangeOf({}, now);
    expect([iso(start), iso(end), interval]).toEqual(['2025-12-16T00:00:00.000Z', '2026-01-16T00:00:00.000Z', 'day']);
  });

  it('is whole hours around a short period', () => {
    const { start, end, interval } = rangeOf({ from: '2026-01-15T08:30:00Z', to: '2026-01-15T10:00:00Z' }, now);
    expect([iso(start), iso(end), interval]).toEqual(['2026-01-15T08:00:00.000Z', '2026-01-15T10:00:00.000Z', 'hour']);
  });

  it('must not end before it begins, nor be endless', () => {
    expect(() => rangeOf({ from: '2026-02-01T00:00:00Z' }, now)).toThrow('before');
    expect(() => rangeOf({ from: '2020-01-01T00:00:00Z' }, now)).toThrow('400 days');
    expect(() => rangeOf({ from: '2025-12-01T00:00:00Z', interval: 'hour' }, now)).toThrow('31 days');
  });
});
