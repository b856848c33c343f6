import { Button, buttonClass, EmptyState, ErrorState, Loading, LogoMark, Skeleton } from '@kinora/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { explain } from '../api/problems';
import { libraryQuery } from '../api/queries';
import { useProfile, useSessionState } from '../api/use-session';
import { useTitle } from '../shell/use-title';
import { Filters } from './filters';
import { VideoCard, VideoRow } from './video-card';

const grid = 'grid grid-cols-1 gap-x-5 gap-y-8 min-[30rem]:grid-cols-2 md:grid-cols-3 xl:grid-cols-4';

export function LibraryPage() {
  const search = useSearch({ from: '/' });
  const { q, scope, status, visibility, tag } = search;
  const heading = q ? `Results for “${q}”` : scope ? 'My videos' : 'Library';
  useTitle(q ? heading : scope ? 'My videos' : undefined);
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-7xl flex-col gap-6 px-4 pt-7 pb-16 outline-none sm:px-6"
    >
      <h1 className="text-2xl sm:text-[1.75rem]">{heading}</h1>
      <Filters />
      <Videos filter={{ q, scope, status, visibility, tag }} list={search.view === 'list'} />
    </main>
  );
}

function Videos({
  filter,
  list,
}: {
  filter: { [K in keyof Parameters<typeof libraryQuery>[0]]: Parameters<typeof libraryQuery>[0][K] };
  list: boolean;
}) {
  const profile = useProfile();
  const { data, error, isPending, isPlaceholderData, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } =
    useInfiniteQuery(libraryQuery(filter));
  if (isPending) return <Placeholders list={list} />;
  if (!data) return <ErrorState {...explain(error)} onRetry={() => void refetch()} />;
  const videos = data.pages.flatMap(({ items }) => items);
  if (videos.length === 0) return <Nothing filtered={Object.values(filter).some(Boolean)} />;
  const Item = list ? VideoRow : VideoCard;
  return (
    <div
      className={isPlaceholderData ? 'opacity-60 transition-opacity delay-200' : undefined}
      aria-busy={isPlaceholderData}
    >
      {error && (
        <p className="mb-4 text-sm text-danger-text">This list could not be refreshed: {explain(error).message}</p>
      )}
      <ul className={list ? 'divide-y divide-line' : grid}>
        {videos.map((video, i) => (
          <li key={video.id}>
            <Item video={video} own={video.ownerId === profile?.id} eager={i < 4} passages={video.passages} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div className="mt-10 flex justify-center">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function Placeholders({ list }: { list: boolean }) {
  return (
    <Loading label="Loading videos" className={list ? 'flex flex-col gap-5' : grid}>
      {Array.from({ length: 8 }, (_, i) =>
        list ? (
          <div key={i} className="flex items-center gap-4">
            <Skeleton className="aspect-video w-32 sm:w-44" />
            <Skeleton className="h-5 w-1/2" />
          </div>
        ) : (
          <div key={i} className="flex flex-col gap-3">
            <Skeleton className="aspect-video w-full" />
            <Skeleton className="h-5 w-4/5" />
            <Skeleton className="h-4 w-1/3" />
          </div>
        ),
      )}
    </Loading>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate();
  const signedIn = useSessionState() !== 'signed-out';
  if (filtered) {
    return (
      <EmptyState
        title="No video fits"
        art={<SearchX strokeWidth={1.4} />}
        action={<Button onClick={() => void navigate({ to: '/', search: {} })}>Clear search and filters</Button>}
      >
        Try other words, or fewer filters.
      </EmptyState>
    );
  }
  return signedIn ? (
    <EmptyState
      title="Your first video starts here"
      art={<LogoMark />}
      action={
        <Link to="/upload" className={buttonClass({ variant: 'primary' })}>
          Upload a video
        </Link>
      }
    >
      Drop a file anywhere on this page, or choose one. You can watch it while the rest is still being prepared.
    </EmptyState>
  ) : (
    <EmptyState
      title="No public videos yet"
      art={<LogoMark />}
      action={
        <>
          <Link to="/sign-in" className={buttonClass({ variant: 'primary' })}>
            Sign in
          </Link>
          <Link to="/sign-up" className={buttonClass()}>
            Create an account
          </Link>
        </>
      }
    >
      Sign in to see videos that were shared with your team, or to upload your own.
    </EmptyState>
  );
}
