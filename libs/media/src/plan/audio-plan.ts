import { isDecodable } from '../ffmpeg/input';
import { type AudioTrack } from '../probe/model';
import { type AudioPlan } from './encoding-plan';

/** Audio tracks of one video; further ones are left out. */
export const MAX_AUDIO_TRACKS = 8;

/** English name of a language code, or the code itself. `Intl` knows ISO 639-2 codes too. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** One AAC stereo rendition for every audio track that can be decoded, up to eight; exactly one of them is the default. */
export function planAudio(tracks: readonly AudioTrack[]): AudioPlan[] {
  const usable = tracks.filter((track) => track.channels > 0 && isDecodable(track.codec)).slice(0, MAX_AUDIO_TRACKS);
  const standard = Math.max(
    0,
    usable.findIndex((track) => track.isDefault),
  );
  const names = new Set<string>();
  return usable.map((track, n) => {
    const plain = track.title ?? (track.language !== undefined ? languageName(track.language) : `Audio ${n + 1}`);
    // Names must differ within a group: RFC 8216 §4.3.4.1.
    const name = names.has(plain) ? `${plain} (${n + 1})` : plain;
    names.add(name);
    return {
      id: `a${n}`,
      streamIndex: track.index,
      bitrate: 128_000,
      channels: 2,
      sampleRate: 48_000,
      ...(track.language !== undefined && { language: track.language }),
      name,
      isDefault: n === standard,
    };
  });
}
