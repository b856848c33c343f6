import { type SearchPassage, type Video } from '@kinora/contracts-catalog';
import { formatAgo } from '@kinora/ui';
import { Link } from '@tanstack/react-router';
import { Passages } from './passages';
import { StatusBadge, VisibilityMark } from './status';
import { Thumbnail } from './thumbnail';

interface CardProps {
  video: Video;
  own: boolean;
  eager: boolean;
  passages?: readonly SearchPassage[] | undefined;
}

function Meta({ video, own }: Pick<CardProps, 'video' | 'own'>) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-soft">
      {own && <VisibilityMark visibility={video.visibility} />}
      {own && <span aria-hidden="true">·</span>}
      <time dateTime={video.createdAt} title={new Date(video.createdAt).toLocaleString('en')}>
        {formatAgo(video.createdAt)}
      </time>
    </p>
  );
}

/** One link per card, stretched over all of it. */
const stretched =
  'after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-3 focus-visible:after:outline-accent';

export function VideoCard({ video, own, eager, passages }: CardProps) {
  return (
    <article className="group relative flex flex-col gap-2.5">
      <Thumbnail video={video} eager={eager} className="transition-[filter] duration-200 group-hover:brightness-108" />
      <div className="flex flex-col gap-1">
        <h2 className="line-clamp-2 text-[0.9375rem] leading-snug font-medium tracking-normal">
          <Link to="/watch/$videoId" params={{ videoId: video.id }} className={stretched}>
            {video.title}
          </Link>
        </h2>
        <Meta video={video} own={own} />
        <Passages videoId={video.id} passages={passages} />
        {video.status !== 'ready' && (
          <div className="mt-0.5">
            <StatusBadge video={video} />
          </div>
        )}
      </div>
    </article>
  );
}

export function VideoRow({ video, own, eager, passages }: CardProps) {
  return (
    <article className="group relative flex items-center gap-4 rounded-md py-2.5 sm:px-2 sm:hover:bg-hover/60">
      <Thumbnail video={video} eager={eager} className="w-32 shrink-0 sm:w-44" />
      <div className="min-w-0 flex-1">
        <h2 className="line-clamp-2 text-[0.9375rem] leading-snug font-medium tracking-normal">
          <Link to="/watch/$videoId" params={{ videoId: video.id }} className={stretched}>
            {video.title}
          </Link>
        </h2>
        <Meta video={video} own={own} />
        <Passages videoId={video.id} passages={passages} />
        {video.tags.length > 0 && (
          <p className="mt-1 hidden truncate text-sm text-soft sm:block">
            {video.tags.map((tag) => `#${tag}`).join('  ')}
          </p>
        )}
        <div className="mt-1 sm:hidden">
          <StatusBadge video={video} />
        </div>
      </div>
      <div className="hidden sm:block">
        <StatusBadge video={video} />
      </div>
    </article>
  );
}
