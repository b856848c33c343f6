import { type Passage } from '@kinora/contracts-catalog';
import { type Transact } from '../ports/catalog-unit';
import { noSuchVideo } from '../videos/video';

/** Replaces what is said in a video by what a transcription says now. Safe to repeat. */
export const putPassages = (
  { transact }: { readonly transact: Transact },
  videoId: string,
  passages: readonly Passage[],
): Promise<{ videoId: string; count: number }> =>
  transact(async (unit) => {
    const video = await unit.videos.lock(videoId);
    if (!video) throw noSuchVideo();
    await unit.videos.replacePassages(
      video,
      [...passages].sort((a, b) => a.startMs - b.startMs),
    );
    return { videoId, count: passages.length };
  });
