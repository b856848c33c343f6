import { type Video } from '@kinora/contracts-catalog';
import { toast } from '@kinora/ui';
import { api } from '../api/client';
import { explain } from '../api/problems';

/** Has a video encoded by the rules of today. Nothing is lost by it, so it is not asked first. */
export async function encodeAgain(video: Video): Promise<void> {
  try {
    await api.encodings.encodeAgain({ params: { videoId: video.id } });
    toast({ title: 'Encoding again', description: 'Viewers keep what is there until the new encoding is ready.' });
  } catch (error) {
    toast({ title: 'It could not be encoded again', description: explain(error).message, tone: 'danger' });
  }
}
