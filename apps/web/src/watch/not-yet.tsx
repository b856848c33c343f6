import { type Video } from '@kinora/contracts-catalog';
import { Button, cx, LogoMark, Progress, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert, RotateCcw } from 'lucide-react';
import { api } from '../api/client';
import { explain } from '../api/problems';
import { queryClient, videoQuery } from '../api/queries';
import { howFar } from '../library/status';

const frame = 'flex flex-col items-center justify-center gap-4 border border-line bg-sunken p-6 text-center';

const SENTENCE: Partial<Record<Video['status'], { title: string; text: string }>> = {
  draft: { title: 'No file yet', text: 'This video is a draft. Its file has not been uploaded.' },
  uploading: {
    title: 'The file is on its way',
    text: 'The video appears here as soon as its first seconds are ready.',
  },
  processing: { title: 'Preparing this video', text: 'It starts to play here as soon as its first seconds are ready.' },
};

export function Preparing({ video, className }: { video: Video; className: string }) {
  const { title, text } = SENTENCE[video.status] ?? SENTENCE.processing!;
  const working = video.status !== 'draft';
  return (
    <div className={cx(frame, className)}>
      <LogoMark className={cx('size-12 text-accent-text', working && 'animate-[spin_9s_linear_infinite]')} />
      <div>
        <p className="text-lg font-medium">{title}</p>
        <p className="text-soft">{text}</p>
      </div>
      {working && (
        <div className="flex w-full max-w-80 flex-col gap-2">
          <Progress label="Preparation" value={video.status === 'uploading' ? undefined : video.progress} />
          {video.status === 'processing' && <p className="text-sm text-soft tabular-nums">{howFar(video)}</p>}
        </div>
      )}
    </div>
  );
}

export function Failed({ video, mayEdit, className }: { video: Video; mayEdit: boolean; className: string }) {
  const retry = useMutation({
    mutationFn: () => api.encodings.retryEncoding({ params: { videoId: video.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: videoQuery(video.id).queryKey }),
    onError: (error) =>
      toast({ title: 'It could not be tried again', description: explain(error).message, tone: 'danger' }),
  });
  return (
    <div className={cx(frame, className)} role="alert">
      <CircleAlert aria-hidden="true" className="size-10 text-danger-text" strokeWidth={1.5} />
      <div className="max-w-md">
        <p className="text-lg font-medium">This video could not be prepared</p>
        <p className="text-soft">{video.error?.message ?? 'Something went wrong while it was being encoded.'}</p>
        {video.error && <code className="mt-2 block font-mono text-xs text-soft">{video.error.code}</code>}
      </div>
      {mayEdit && (
        <Button busy={retry.isPending} onClick={() => retry.mutate()}>
          <RotateCcw aria-hidden="true" /> Try again
        </Button>
      )}
    </div>
  );
}
