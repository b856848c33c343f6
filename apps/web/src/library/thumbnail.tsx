import { type Video } from '@kinora/contracts-catalog';
import { cx, formatDuration, LogoMark } from '@kinora/ui';
import { useSteadyPoster } from './poster';

/** A still of the video with its length; a quiet mark while there is none, and a strip of progress while it is made. */
export function Thumbnail({ video, className, eager = false }: { video: Video; className?: string; eager?: boolean }) {
  const poster = useSteadyPoster(video.poster);
  const making = video.status === 'processing' || video.status === 'playable';
  return (
    <div className={cx('relative aspect-video overflow-hidden rounded-md bg-sunken', className)}>
      {poster.src ? (
        <img
          src={poster.src}
          alt=""
          loading={eager ? 'eager' : 'lazy'}
          decoding="async"
          className="size-full object-cover"
          onError={poster.onError}
        />
      ) : (
        <div className="grid size-full place-items-center text-edge">
          <LogoMark
            className={cx('size-9', (making || video.status === 'uploading') && 'animate-[spin_9s_linear_infinite]')}
          />
        </div>
      )}
      {video.durationMs !== null && (
        <span className="absolute end-1.5 bottom-1.5 rounded-sm bg-[oklch(0.16_0.012_195/0.88)] px-1.5 py-0.5 text-xs font-medium text-[oklch(0.985_0.003_178)] tabular-nums">
          {formatDuration(video.durationMs / 1000)}
        </span>
      )}
      {making && (
        <div aria-hidden="true" className="absolute inset-x-0 bottom-0 h-1 bg-[oklch(0.16_0.012_195/0.6)]">
          <div
            className="h-full bg-[oklch(0.84_0.12_178)] transition-[width] duration-700"
            style={{ width: `${video.progress * 100}%` }}
          />
        </div>
      )}
    </div>
  );
}
