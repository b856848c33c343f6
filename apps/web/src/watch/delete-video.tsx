import { type Video } from '@kinora/contracts-catalog';
import { AlertDialog, toast } from '@kinora/ui';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client';
import { explain, isNotFound } from '../api/problems';
import { queryClient, videoQuery } from '../api/queries';

interface DeleteVideoProps {
  video: Video;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Deleting takes the media too, so it is asked first rather than undone later. */
export function DeleteVideo({ video, open, onOpenChange }: DeleteVideoProps) {
  const navigate = useNavigate();
  const remove = async () => {
    try {
      await api.videos.deleteVideo({ params: { videoId: video.id } });
    } catch (error) {
      if (!isNotFound(error)) {
        toast({ title: 'The video was not deleted', description: explain(error).message, tone: 'danger' });
        return;
      }
    }
    await navigate({ to: '/', search: { scope: 'mine' } });
    queryClient.removeQueries({ queryKey: videoQuery(video.id).queryKey });
    void queryClient.invalidateQueries({ queryKey: ['videos'] });
    toast({ title: `“${video.title}” was deleted` });
  };
  return (
    <AlertDialog
      title="Delete this video?"
      description={`“${video.title}”, its files and its numbers will be gone for good. Links to it stop working at once.`}
      confirm="Delete video"
      open={open}
      onOpenChange={onOpenChange}
      onConfirm={() => void remove()}
    />
  );
}
