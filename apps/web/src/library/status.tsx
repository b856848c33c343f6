import { Badge, formatSpan } from '@kinora/ui';
import { type Video, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { Globe, Link2, LockKeyhole } from 'lucide-react';

const STATUS: Record<VideoStatus, { label: string; tone: 'neutral' | 'accent' | 'warn' | 'danger' }> = {
  draft: { label: 'Draft', tone: 'neutral' },
  uploading: { label: 'Uploading', tone: 'warn' },
  processing: { label: 'Processing', tone: 'warn' },
  playable: { label: 'Playable', tone: 'accent' },
  ready: { label: 'Ready', tone: 'accent' },
  failed: { label: 'Failed', tone: 'danger' },
};
export const statusLabel = (status: VideoStatus): string => STATUS[status].label;

/** Where a video is on its way. Ready ones need no badge: that is what a video should be. */
export function StatusBadge({ video, always = false }: { video: Video; always?: boolean }) {
  if (video.status === 'ready' && !always) return null;
  const { label, tone } = STATUS[video.status];
  const making = video.status === 'processing' || video.status === 'playable';
  return (
    <Badge tone={tone}>
      {label}
      {making && <span className="tabular-nums">{Math.floor(video.progress * 100)} %</span>}
    </Badge>
  );
}

/** `40 %`, and how long it still takes once that is known. */
export function howFar({
  progress,
  estimatedSecondsLeft: left,
}: Pick<Video, 'progress' | 'estimatedSecondsLeft'>): string {
  const share = `${Math.floor(progress * 100)} %`;
  if (left === null) return share;
  // Seconds would promise too much.
  return `${share} · ${left < 60 ? 'less than a minute' : `about ${formatSpan(left * 1000)}`} left`;
}

const VISIBILITY: Record<Visibility, { label: string; Icon: typeof Globe; means: string }> = {
  private: { label: 'Private', Icon: LockKeyhole, means: 'Only you can watch' },
  unlisted: { label: 'Unlisted', Icon: Link2, means: 'Anyone with the link can watch' },
  public: { label: 'Public', Icon: Globe, means: 'Anyone can find and watch it' },
};
export const visibilities = Object.entries(VISIBILITY) as [Visibility, (typeof VISIBILITY)[Visibility]][];
export const visibilityLabel = (visibility: Visibility): string => VISIBILITY[visibility].label;

export function VisibilityMark({ visibility }: { visibility: Visibility }) {
  const { label, Icon, means } = VISIBILITY[visibility];
  return (
    <span className="inline-flex items-center gap-1" title={means}>
      <Icon aria-hidden="true" className="size-3.5" />
      {label}
    </span>
  );
}
