import { type VideoAnalytics } from '@kinora/contracts-analytics';
import { EmptyState, ErrorState, formatAgo, formatCount, Loading, Skeleton } from '@kinora/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, ChartNoAxesColumn } from 'lucide-react';
import { useState } from 'react';
import { explain, isNotFound } from '../api/problems';
import { analyticsQuery, videoQuery } from '../api/queries';
import { NotFound } from '../shell/not-found';
import { RequireSignIn } from '../shell/require-sign-in';
import { useTitle } from '../shell/use-title';
import { asTime, Breakdown, rungTimes } from './breakdown';
import { RetentionChart, ViewsChart } from './charts';
import { LiveViewers } from './live-viewers';
import { retentionCurve } from './retention';
import { Tiles } from './tiles';

const PERIODS = [
  { days: 1, label: '24 hours' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
] as const;

export function AnalyticsPage() {
  const { videoId } = useParams({ from: '/videos/$videoId/analytics' });
  return (
    <RequireSignIn what="see analytics">
      <Analytics videoId={videoId} />
    </RequireSignIn>
  );
}

function Analytics({ videoId }: { videoId: string }) {
  const [days, setDays] = useState(30);
  const { data: video, error: hidden } = useQuery(videoQuery(videoId));
  const { data, error, refetch, isPlaceholderData } = useQuery(analyticsQuery(videoId, days));
  useTitle(video ? `Analytics of ${video.title}` : 'Analytics');
  if (isNotFound(hidden) || isNotFound(error)) return <NotFound />;
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-5xl flex-col gap-6 px-4 pt-7 pb-16 outline-none sm:px-6"
    >
      <div className="flex flex-col gap-2">
        <Link
          to="/watch/$videoId"
          params={{ videoId }}
          className="flex w-fit items-center gap-1.5 text-sm text-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden="true" className="size-4" /> {video ? video.title : 'Back to the video'}
        </Link>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h1 className="text-2xl sm:text-[1.75rem]">Analytics</h1>
          <LiveViewers videoId={videoId} />
        </div>
      </div>
      <div role="group" aria-label="Period" className="flex w-fit rounded-full bg-sunken p-0.5">
        {PERIODS.map((period) => (
          <button
            key={period.days}
            type="button"
            aria-pressed={days === period.days}
            className="h-8 rounded-full px-3 text-sm text-soft transition-colors aria-pressed:bg-surface aria-pressed:font-medium dark:aria-pressed:bg-hover aria-pressed:text-ink aria-pressed:shadow-sm sm:px-3.5"
            onClick={() => setDays(period.days)}
          >
            {period.label}
          </button>
        ))}
      </div>
      {data ? (
        <div className={isPlaceholderData ? 'opacity-60' : undefined} aria-busy={isPlaceholderData}>
          <Numbers data={data} />
        </div>
      ) : error ? (
        <ErrorState {...explain(error)} onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading analytics" className="flex flex-col gap-6">
          <Skeleton className="h-60 w-full" />
          <Skeleton className="h-72 w-full" />
        </Loading>
      )}
    </main>
  );
}

function Numbers({ data }: { data: VideoAnalytics }) {
  if (data.totals.attempts === 0) {
    return (
      <EmptyState title="Nobody has pressed play in this time" art={<ChartNoAxesColumn strokeWidth={1.4} />}>
        Numbers appear here within a minute or two of the first play.
      </EmptyState>
    );
  }
  const points = retentionCurve(data);
  return (
    <div className="flex flex-col gap-6">
      <Tiles metrics={data.totals} />
      <ViewsChart series={data.series} interval={data.interval} />
      {points.length > 0 && <RetentionChart points={points} />}
      <div className="grid gap-6 sm:grid-cols-3">
        <Breakdown title="Quality" values={rungTimes(data.totals.rungMs)} format={asTime} />
        <Breakdown title="Devices" values={data.devices} format={formatCount} />
        <Breakdown title="Browsers" values={data.browsers} format={formatCount} />
      </div>
      {data.updatedAt && (
        <p className="text-sm text-soft">
          Computed {formatAgo(data.updatedAt)} from the sessions themselves; viewers are counted by account or device.
        </p>
      )}
    </div>
  );
}
