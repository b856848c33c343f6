import { Card, formatSpan } from '@kinora/ui';

/** Shares of a whole, largest first. */
export function Breakdown({
  title,
  values,
  format,
}: {
  title: string;
  values: Readonly<Record<string, number>>;
  format: (value: number) => string;
}) {
  const rows = Object.entries(values).sort(([, a], [, b]) => b - a);
  const whole = rows.reduce((sum, [, value]) => sum + value, 0);
  if (whole === 0) return null;
  return (
    <Card>
      <h2 className="mb-3 text-lg">{title}</h2>
      <ul className="flex flex-col gap-2.5">
        {rows.slice(0, 6).map(([name, value]) => (
          <li key={name} className="flex flex-col gap-1 text-sm">
            <div className="flex justify-between gap-3">
              <span className="capitalize">{name}</span>
              <span className="text-soft tabular-nums">
                {format(value)} · {Math.round((value / whole) * 100)} %
              </span>
            </div>
            <div aria-hidden="true" className="h-1.5 rounded-full bg-hover">
              <div className="h-full rounded-full bg-accent" style={{ width: `${(value / whole) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** `v720` → `720p`. */
export const rungTimes = (rungMs: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(rungMs).flatMap(([id, ms]) => (id.startsWith('v') ? [[`${id.slice(1)}p`, ms]] : [])),
  );
export const asTime = formatSpan;
