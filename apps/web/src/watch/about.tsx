import { type Video } from '@kinora/contracts-catalog';
import {
  buttonClass,
  Button,
  formatAgo,
  formatCount,
  IconButton,
  Menu,
  MenuItem,
  MenuLink,
  MenuSeparator,
  toast,
} from '@kinora/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartNoAxesColumn, Ellipsis, Pencil, RotateCcw, Share2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { analyticsQuery } from '../api/queries';
import { useMayEdit } from '../api/use-session';
import { StatusBadge, VisibilityMark } from '../library/status';
import { DeleteVideo } from './delete-video';
import { EditVideo } from './edit-video';
import { encodeAgain } from './encode-again';

const PERIOD_DAYS = 30;

/** Views are for the owner's eyes; analytics counts them. */
function Views({ videoId }: { videoId: string }) {
  const { data } = useQuery(analyticsQuery(videoId, PERIOD_DAYS));
  if (!data) return null;
  const { views } = data.totals;
  return (
    <Link
      to="/videos/$videoId/analytics"
      params={{ videoId }}
      className="underline-offset-3 hover:underline"
      title={`Last ${PERIOD_DAYS} days`}
    >
      {formatCount(views)} {views === 1 ? 'view' : 'views'}
    </Link>
  );
}

async function share(video: Video): Promise<void> {
  const link = { title: video.title, url: video.watchUrl };
  if (matchMedia('(pointer: coarse)').matches && 'share' in navigator) {
    await navigator.share(link).catch(() => undefined);
    return;
  }
  try {
    await navigator.clipboard.writeText(video.watchUrl);
    toast({
      title: 'Link copied',
      ...(video.visibility === 'private' && { description: 'The video is private: only you can open it.' }),
    });
  } catch {
    toast({ title: 'The link could not be copied', description: video.watchUrl });
  }
}

export function About({ video }: { video: Video }) {
  const mayEdit = useMayEdit(video);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="mx-auto flex max-w-[calc((100dvh-12rem)*16/9)] min-w-0 flex-col gap-5 px-4 py-5 sm:min-w-[min(100%,40rem)] sm:px-0">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-xl [overflow-wrap:anywhere] sm:text-2xl">{video.title}</h1>
          <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-soft">
            {mayEdit && video.status !== 'draft' && <Views videoId={video.id} />}
            <time dateTime={video.createdAt}>{formatAgo(video.createdAt)}</time>
            {mayEdit && <VisibilityMark visibility={video.visibility} />}
            <StatusBadge video={video} />
          </div>
        </div>
        <div className="flex items-center gap-1.5">
          <Button size="sm" onClick={() => void share(video)}>
            <Share2 aria-hidden="true" /> Share
          </Button>
          {mayEdit && (
            <>
              <Button size="sm" onClick={() => setEditing(true)}>
                <Pencil aria-hidden="true" /> Edit
              </Button>
              <Link
                to="/videos/$videoId/analytics"
                params={{ videoId: video.id }}
                className={buttonClass({ size: 'sm', className: 'max-sm:hidden' })}
              >
                <ChartNoAxesColumn aria-hidden="true" /> Analytics
              </Link>
              <Menu
                trigger={
                  <IconButton label="More actions" size="iconSm">
                    <Ellipsis aria-hidden="true" />
                  </IconButton>
                }
              >
                <MenuLink render={<Link to="/videos/$videoId/analytics" params={{ videoId: video.id }} />}>
                  <ChartNoAxesColumn aria-hidden="true" /> Analytics
                </MenuLink>
                {video.status === 'ready' && (
                  <MenuItem onSelect={() => void encodeAgain(video)}>
                    <RotateCcw aria-hidden="true" /> Encode again
                  </MenuItem>
                )}
                <MenuSeparator />
                <MenuItem danger onSelect={() => setDeleting(true)}>
                  <Trash2 aria-hidden="true" /> Delete video
                </MenuItem>
              </Menu>
            </>
          )}
        </div>
      </div>
      {video.description && (
        <p className="max-w-[70ch] whitespace-pre-line [overflow-wrap:anywhere]">{video.description}</p>
      )}
      {video.tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
          {video.tags.map((tag) => (
            <li key={tag}>
              <Link
                to="/"
                search={{ tag }}
                className="inline-flex h-8 items-center rounded-full border border-line px-3 text-sm hover:bg-hover"
              >
                {tag}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {mayEdit && <EditVideo key={`${editing}`} video={video} open={editing} onOpenChange={setEditing} />}
      {mayEdit && <DeleteVideo video={video} open={deleting} onOpenChange={setDeleting} />}
    </div>
  );
}
