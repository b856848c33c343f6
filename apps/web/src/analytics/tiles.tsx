import { type Metrics } from '@kinora/contracts-analytics';
import { formatCount, formatSpan } from '@kinora/ui';

const percent = (ratio: number | null, digits = 0) => (ratio === null ? '–' : `${(ratio * 100).toFixed(digits)} %`);
const seconds = (ms: number | undefined) =>
  ms === undefined ? '–' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly means: string;
}

/** The numbers with what they mean; definitions are those of the analytics service. */
export const tilesOf = (metrics: Metrics): Tile[] => [
  {
    name: 'Views',
    value: formatCount(metrics.views),
    means: 'Watched for 30 s, or for half of a video shorter than a minute',
  },
  {
    name: 'Unique viewers',
    value: formatCount(metrics.uniqueViewers),
    means: 'Different accounts, or devices without one',
  },
  { name: 'Watch time', value: formatSpan(metrics.watchMs), means: 'Playing, and waiting for it to go on' },
  {
    name: 'Average viewed',
    value: percent(metrics.averageViewed),
    means: 'Share of the video that a play covered; replays count once',
  },
  { name: 'Start-up, median', value: seconds(metrics.startup?.p50), means: 'From pressing play to the first picture' },
  {
    name: 'Start-up, slowest 5 %',
    value: seconds(metrics.startup?.p95),
    means: 'One play in twenty took longer than this',
  },
  {
    name: 'Rebuffering',
    value: percent(metrics.rebufferRatio, 2),
    means: 'Share of the time spent waiting in mid-play',
  },
  {
    name: 'Errors',
    value: formatCount(metrics.startFailures + metrics.playbackFailures),
    means: 'Plays that an error kept from starting or cut short',
  },
];

export function Tiles({ metrics }: { metrics: Metrics }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      {tilesOf(metrics).map(({ name, value, means }) => (
        <div key={name} className="flex flex-col gap-1 bg-surface p-4">
          <dt className="text-sm font-medium text-soft">{name}</dt>
          <dd className="order-1 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
          <dd className="order-2 text-xs text-soft">{means}</dd>
        </div>
      ))}
    </dl>
  );
}
