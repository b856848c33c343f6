import { Button, buttonClass, formatBytes, formatSpan, IconButton, Progress, Spinner, TextField } from '@kinora/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CirclePlay, FileVideo, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { canWatch, videoQuery } from '../api/queries';
import { howFar } from '../library/status';
import { uploads, type UploadItem } from './manager';

function statusLine({ state, sent, size, speed }: UploadItem): string {
  const amount = `${formatBytes(sent)} of ${formatBytes(size)}`;
  switch (state) {
    case 'queued':
      return `${formatBytes(size)} · waiting`;
    case 'uploading': {
      const left = speed > 0 ? ` · ${formatBytes(speed)}/s · ${formatSpan(((size - sent) / speed) * 1000)} left` : '';
      return amount + left;
    }
    case 'paused':
      return `${amount} · paused`;
    case 'needs-file':
      return `${amount} · interrupted`;
    case 'failed':
      return `${amount} · stopped`;
    case 'finishing':
      return 'Finishing …';
    case 'sent':
      return formatBytes(size);
  }
}

/** One file: its bytes, then its encoding, and its title all along. */
export function UploadRow({ item }: { item: UploadItem }) {
  const { key, state, size, sent } = item;
  const share = size > 0 ? sent / size : 0;
  const done = state === 'sent';
  return (
    <article aria-label={item.name} className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="flex items-start gap-3">
        <FileVideo aria-hidden="true" className="mt-2 hidden size-6 shrink-0 text-soft sm:block" strokeWidth={1.5} />
        <TitleField item={item} />
        <div className="flex items-center">
          {(state === 'uploading' || state === 'queued') && (
            <IconButton label={`Pause ${item.title}`} onClick={() => uploads.pause(key)}>
              <Pause aria-hidden="true" />
            </IconButton>
          )}
          {(state === 'paused' || (state === 'needs-file' && uploads.canResume(key))) && (
            <IconButton label={`Resume ${item.title}`} onClick={() => void uploads.resume(key)}>
              <Play aria-hidden="true" />
            </IconButton>
          )}
          {state === 'failed' && (
            <IconButton label={`Retry ${item.title}`} onClick={() => void uploads.resume(key)}>
              <RotateCcw aria-hidden="true" />
            </IconButton>
          )}
          {done ? (
            <IconButton label={`Remove ${item.title} from this list`} onClick={() => uploads.dismiss(key)}>
              <X aria-hidden="true" />
            </IconButton>
          ) : (
            <IconButton label={`Cancel ${item.title}`} onClick={() => void uploads.cancel(key)}>
              <X aria-hidden="true" />
            </IconButton>
          )}
        </div>
      </div>
      {done && item.videoId ? (
        <Preparing videoId={item.videoId} />
      ) : (
        <div className="flex flex-col gap-2">
          <Progress
            label={`Upload of ${item.title}`}
            value={state === 'queued' && sent === 0 ? 0 : share}
            tone={state === 'failed' ? 'danger' : state === 'uploading' || state === 'finishing' ? 'accent' : 'quiet'}
          />
          <div className="flex flex-wrap justify-between gap-x-4 text-sm text-soft tabular-nums">
            <span>{statusLine(item)}</span>
            <span>{Math.floor(share * 100)} %</span>
          </div>
          {state === 'needs-file' && !uploads.canResume(key) && (
            <p className="text-sm">
              Choose <strong className="font-medium break-all">{item.name}</strong> again to go on. What has arrived
              will not be sent twice.
            </p>
          )}
          {item.error && (
            <p role="alert" className="text-sm text-danger-text">
              {item.error.message} {item.error.code && <code className="font-mono text-xs">({item.error.code})</code>}
            </p>
          )}
        </div>
      )}
    </article>
  );
}

function TitleField({ item }: { item: UploadItem }) {
  const [text, setText] = useState(item.title);
  const [error, setError] = useState<string>();
  const save = () => {
    if (!text.trim()) {
      setText(item.title);
      return;
    }
    setError(undefined);
    uploads.rename(item.key, text).catch(() => setError('The title could not be saved. Try again.'));
  };
  return (
    <form
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextField
        label={`Title of ${item.name}`}
        hideLabel
        value={text}
        maxLength={200}
        error={error}
        className="border-transparent bg-transparent px-2 font-medium hover:border-edge focus:border-edge"
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
      />
    </form>
  );
}

/** After the bytes: how far the video is, and the way to it as soon as there is something to see. */
function Preparing({ videoId }: { videoId: string }) {
  const { data: video } = useQuery(videoQuery(videoId));
  if (!video) {
    return (
      <p className="flex items-center gap-2 text-sm text-soft">
        <Spinner /> Uploaded. Looking how it gets on …
      </p>
    );
  }
  if (video.status === 'failed') {
    return (
      <div className="flex flex-col gap-1 text-sm">
        <p role="alert" className="text-danger-text">
          {video.error?.message ?? 'This file could not be turned into a video.'}{' '}
          <code className="font-mono text-xs">({video.error?.code ?? 'encoding.failed'})</code>
        </p>
        <Link to="/watch/$videoId" params={{ videoId }} className="w-fit underline underline-offset-3">
          Details
        </Link>
      </div>
    );
  }
  const ready = video.status === 'ready';
  return (
    <div className="flex flex-col gap-2">
      {!ready && (
        <Progress
          label={`Preparation of ${video.title}`}
          value={video.status === 'uploading' ? undefined : video.progress}
        />
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-soft tabular-nums" role="status">
          {ready
            ? 'Ready in all qualities'
            : canWatch(video)
              ? `You can watch it now · prepared: ${howFar(video)}`
              : `Preparing · ${howFar(video)}`}
        </p>
        {canWatch(video) ? (
          <Link to="/watch/$videoId" params={{ videoId }} className={buttonClass({ variant: 'primary', size: 'sm' })}>
            <CirclePlay aria-hidden="true" /> Watch
          </Link>
        ) : (
          <Button size="sm" disabled>
            <CirclePlay aria-hidden="true" /> Watch
          </Button>
        )}
      </div>
    </div>
  );
}
