import { type VideoAnalytics } from '@kinora/contracts-analytics';
import { Card, formatCount, formatDuration, formatSpan } from '@kinora/ui';
import { type ReactNode } from 'react';
import { Area, AreaChart, Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { type RetentionPoint } from './retention';

const axis = { stroke: 'var(--k-edge)', tick: { fill: 'var(--k-ink-soft)', fontSize: 12 }, tickLine: false } as const;
const tip = {
  contentStyle: {
    background: 'var(--k-surface)',
    border: '1px solid var(--k-line)',
    borderRadius: 8,
    color: 'var(--k-ink)',
    fontSize: 13,
  },
  itemStyle: { color: 'var(--k-ink)' },
  cursor: { fill: 'var(--k-hover)', stroke: 'var(--k-edge)' },
} as const;

/** A chart with its numbers as a table, for those who can't or won't read the drawing. */
function Figure({
  title,
  note,
  table,
  children,
}: {
  title: string;
  note: string;
  table: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card className="flex flex-col gap-4">
      <div>
        <h2 className="text-lg">{title}</h2>
        <p className="text-sm text-soft">{note}</p>
      </div>
      <div className="h-60" aria-hidden="true">
        {children}
      </div>
      <details className="text-sm">
        <summary className="w-fit rounded-sm text-soft">Show as a table</summary>
        <div
          className="mt-3 max-h-72 overflow-auto rounded-md border border-line"
          tabIndex={0}
          role="region"
          aria-label={`${title}, table`}
        >
          {table}
        </div>
      </details>
    </Card>
  );
}

function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly [string, ...string[]])[] }) {
  return (
    <table className="w-full text-start tabular-nums">
      <thead className="sticky top-0 bg-sunken">
        <tr>
          {head.map((name) => (
            <th key={name} scope="col" className="px-3 py-2 text-start font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr key={first} className="border-t border-line">
            <th scope="row" className="px-3 py-1.5 text-start font-normal">
              {first}
            </th>
            {rest.map((value, i) => (
              <td key={i} className="px-3 py-1.5">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ViewsChart({ series, interval }: Pick<VideoAnalytics, 'series' | 'interval'>) {
  const format = new Intl.DateTimeFormat(
    'en',
    interval === 'hour' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' },
  );
  const label = (start: string) => format.format(new Date(start));
  return (
    <Figure
      title="Views over time"
      note={`Per ${interval}, by the ${interval} in which the play began`}
      table={
        <Table
          head={['From', 'Views', 'Plays', 'Watch time', 'Most at once']}
          rows={series.map((point) => [
            new Date(point.start).toLocaleString('en'),
            String(point.views),
            String(point.plays),
            formatSpan(point.watchMs),
            String(point.peakConcurrent),
          ])}
        />
      }
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={series} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--k-line)" />
          <XAxis dataKey="start" tickFormatter={label} minTickGap={28} {...axis} />
          <YAxis allowDecimals={false} width={36} tickFormatter={formatCount} {...axis} axisLine={false} />
          <Tooltip {...tip} labelFormatter={(start) => (typeof start === 'string' ? label(start) : '')} />
          <Bar
            dataKey="views"
            name="Views"
            fill="var(--k-accent)"
            radius={[3, 3, 0, 0]}
            maxBarSize={28}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </Figure>
  );
}

export function RetentionChart({ points }: { points: readonly RetentionPoint[] }) {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return (
    <Figure
      title="Retention"
      note="Share of plays that watched each moment; the pale line counts replays too"
      table={
        <Table
          head={['Time', 'Watched', 'With replays']}
          rows={points.map(({ at, watched, replayed }) => [formatDuration(at), percent(watched), percent(replayed)])}
        />
      }
    >
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={[...points]} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--k-line)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[0, 'dataMax']}
            tickFormatter={(at: number) => formatDuration(at)}
            minTickGap={32}
            {...axis}
          />
          <YAxis
            width={56}
            domain={[0, (max: number) => Math.max(1, max)]}
            tickFormatter={percent}
            {...axis}
            axisLine={false}
          />
          <Tooltip
            {...tip}
            labelFormatter={(at) => formatDuration(Number(at))}
            formatter={(value) => percent(Number(value))}
          />
          <Area
            dataKey="replayed"
            name="With replays"
            type="monotone"
            stroke="var(--k-edge)"
            strokeDasharray="4 3"
            fill="none"
            isAnimationActive={false}
          />
          <Area
            dataKey="watched"
            name="Watched"
            type="monotone"
            stroke="var(--k-accent)"
            strokeWidth={2}
            fill="var(--k-accent-tint)"
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </Figure>
  );
}
