import { type LandedTrack } from '@kinora/contracts-transcode';
import {
  type EncodingPlan,
  type PublishedTracks,
  dashManifest,
  hlsMedia,
  hlsMultivariant,
  playlistName,
} from '@kinora/media';
import { type ObjectStore } from '@kinora/storage';

/** Writes the manifests of what landed, as transcode does, and returns their folder's key. */
export async function publish(
  distribution: ObjectStore,
  { videoId, encodingId, plan }: { videoId: string; encodingId: string; plan: EncodingPlan },
  landed: readonly LandedTrack[],
): Promise<string> {
  const of = (id: string) => {
    const parts = landed.filter((track) => track.renditionId === id);
    const init = parts[0]?.init;
    if (!init) throw new Error(`${id} has not landed`);
    const segments = parts.flatMap((part) => part.segments).toSorted((a, b) => a.number - b.number);
    return {
      id,
      codec: init.codec,
      timescale: init.timescale,
      segments: segments.map((one) => ({ ticks: one.durationTicks, bytes: one.bytes })),
    };
  };
  const tracks: PublishedTracks = {
    complete: true,
    video: plan.rungs.map((rung) => ({ ...of(rung.id), width: rung.width, height: rung.height, frameRate: plan.rate })),
    audio: plan.audio.map((track) => ({ ...track, ...of(track.id) })),
  };
  const prefix = `media/${videoId}/${encodingId}`;
  const put = (name: string, text: string) =>
    distribution.put(`${prefix}/${name}`, Buffer.from(text), { contentType: 'text/plain' });
  await put('main.m3u8', hlsMultivariant(tracks));
  await put('manifest.mpd', dashManifest(tracks, { startedAt: new Date(), publishedAt: new Date() }));
  for (const track of [...tracks.video, ...tracks.audio]) await put(playlistName(track.id), hlsMedia(track, true));
  return prefix;
}
