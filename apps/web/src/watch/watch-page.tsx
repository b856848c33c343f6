import { type Video } from '@kinora/contracts-catalog';
import { buttonClass, EmptyState, ErrorState, Loading, LogoMark, Skeleton } from '@kinora/ui';
import { Player } from '@kinora/player';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { explain, isNotFound } from '../api/problems';
import { canWatch, videoQuery } from '../api/queries';
import { useMayEdit, useSessionState } from '../api/use-session';
import { useSteadyPoster } from '../library/poster';
import { useTitle } from '../shell/use-title';
import { About } from './about';
import { beaconUrl, grantFor } from './grant';
import { Failed, Preparing } from './not-yet';

/** As wide as the page, but never so high that the title falls off the screen. */
const stage =
  'mx-auto aspect-video w-full max-w-[calc((100dvh-12rem)*16/9)] overflow-hidden min-[80rem]:rounded-lg sm:rounded-lg';

export function WatchPage() {
  const { videoId } = useParams({ from: '/watch/$videoId' });
  return <Watch key={videoId} videoId={videoId} />;
}

function Watch({ videoId }: { videoId: string }) {
  const { data: video, error, isPending, refetch } = useQuery(videoQuery(videoId));
  useTitle(video?.title);
  if (isPending) return <Placeholder />;
  if (!video) {
    return isNotFound(error) ? (
      <Hidden />
    ) : (
      <main id="main">
        <ErrorState {...explain(error)} onRetry={() => void refetch()} />
      </main>
    );
  }
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl pb-16 outline-none sm:px-6 sm:pt-6">
      <Stage video={video} />
      <About video={video} />
    </main>
  );
}

function Stage({ video }: { video: Video }) {
  const { t } = useSearch({ from: '/watch/$videoId' });
  const mayEdit = useMayEdit(video);
  const poster = useSteadyPoster(video.poster);
  const [grant] = useState(() => grantFor(video.id));
  // Once there was something to watch it stays on screen, whatever a refresh says.
  const [watchable, setWatchable] = useState(canWatch(video));
  if (!watchable && canWatch(video)) setWatchable(true);
  if (watchable) {
    return (
      <Player
        title={video.title}
        grant={grant}
        durationMs={video.durationMs}
        poster={poster.src}
        beaconUrl={beaconUrl}
        startAt={t ?? 0}
        hotkeys="document"
        className={stage}
      />
    );
  }
  return video.status === 'failed' ? (
    <Failed video={video} mayEdit={mayEdit} className={stage} />
  ) : (
    <Preparing video={video} className={stage} />
  );
}

function Placeholder() {
  return (
    <main id="main" className="mx-auto w-full max-w-7xl sm:px-6 sm:pt-6">
      <Loading label="Loading the video">
        <Skeleton className={`${stage} rounded-none`} />
        <div className="mx-auto flex max-w-[calc((100dvh-12rem)*16/9)] flex-col gap-3 px-4 py-5 sm:px-0">
          <Skeleton className="h-7 w-2/3" />
          <Skeleton className="h-4 w-1/4" />
        </div>
      </Loading>
    </main>
  );
}

/** Not there, or not for this person: both look the same on purpose. */
function Hidden() {
  useTitle('Video not found');
  const signedOut = useSessionState() === 'signed-out';
  const { href } = useLocation();
  return (
    <main id="main">
      <EmptyState
        as="h1"
        title="This video is not available"
        art={<LogoMark />}
        action={
          <>
            {signedOut && (
              <Link to="/sign-in" search={{ next: href }} className={buttonClass({ variant: 'primary' })}>
                Sign in
              </Link>
            )}
            <Link to="/" className={buttonClass()}>
              Go to the library
            </Link>
          </>
        }
      >
        It may have been deleted, or it may be private{signedOut ? '. If it is yours, sign in to watch it.' : '.'}
      </EmptyState>
    </main>
  );
}
