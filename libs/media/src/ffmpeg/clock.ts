import { type EncodingPlan } from '../plan/encoding-plan';

/**
 * Outputs that go nowhere, for sources whose clock ffmpeg mends: it shifts a file after a jump by what the first packet of any
 * stream *in use* tells. Picture and sound are encoded by different processes, so each must use the other's streams as
 * well (copied, not decoded: it costs next to nothing), or each mends the jump in its own way and they drift apart.
 */
export function clockArguments({ source, audio }: EncodingPlan, inUse: number): string[] {
  if (source.timing === 'absolute') return [];
  const others = [source.videoIndex, ...audio.map((track) => track.streamIndex)].filter((index) => index !== inUse);
  return others.flatMap((index) => ['-map', `0:${index}`, '-c', 'copy', '-f', 'null', '-']);
}
