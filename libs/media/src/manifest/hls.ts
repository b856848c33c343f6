import { toNumber } from '../rational';
import {
  type PublishedAudio,
  type PublishedTracks,
  type PublishedVideo,
  initName,
  measured,
  playlistName,
  segmentName,
} from './published';

/** A quoted-string of RFC 8216 §4.2 can hold neither quotes nor line breaks. */
const quoted = (text: string): string => `"${text.replace(/["\r\n]+/g, ' ').trim()}"`;

const attributes = (pairs: readonly (readonly [string, string | undefined])[]): string =>
  pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join(',');

const AUDIO_GROUP = 'audio';

/** RFC 5646 wants the shortest code; containers carry three letters. Unknown ones stay. */
export const languageTag = (code: string): string => {
  try {
    return Intl.getCanonicalLocales(code)[0] ?? code;
  } catch {
    return code;
  }
};

const media = (track: PublishedAudio): string =>
  `#EXT-X-MEDIA:${attributes([
    ['TYPE', 'AUDIO'],
    ['GROUP-ID', quoted(AUDIO_GROUP)],
    ['LANGUAGE', track.language === undefined ? undefined : quoted(languageTag(track.language))],
    ['NAME', quoted(track.name)],
    ['DEFAULT', track.isDefault ? 'YES' : 'NO'],
    ['AUTOSELECT', 'YES'],
    ['CHANNELS', quoted(String(track.channels))],
    ['URI', quoted(playlistName(track.id))],
  ])}`;

function variant(track: PublishedVideo, audio: readonly PublishedAudio[]): string {
  const video = measured(track);
  const sound = audio.map(measured);
  const loudest = {
    peak: Math.max(0, ...sound.map((one) => one.peak)),
    average: Math.max(0, ...sound.map((one) => one.average)),
  };
  const codecs = [...new Set([track.codec, ...audio.map((one) => one.codec)])].join(',');
  return `#EXT-X-STREAM-INF:${attributes([
    ['BANDWIDTH', String(video.peak + loudest.peak)],
    ['AVERAGE-BANDWIDTH', String(video.average + loudest.average)],
    ['CODECS', quoted(codecs)],
    ['RESOLUTION', `${track.width}x${track.height}`],
    ['FRAME-RATE', toNumber(track.frameRate).toFixed(3)],
    ['AUDIO', audio.length > 0 ? quoted(AUDIO_GROUP) : undefined],
  ])}\n${playlistName(track.id)}`;
}

/**
 * Players that don't know their bandwidth yet start with the first variant: a middle one then, small enough to start at
 * once and not ugly (480 lines or what is next below); the others follow from large to small.
 */
function startFirst(video: readonly PublishedVideo[]): PublishedVideo[] {
  const sorted = video.toSorted((a, b) => b.width * b.height - a.width * a.height);
  const start = sorted.find((track) => Math.min(track.width, track.height) <= 480) ?? sorted.at(-1);
  return start ? [start, ...sorted.filter((track) => track !== start)] : [];
}

/** The multivariant playlist (RFC 8216 §4.3.4). Bandwidths are measured, not planned. */
export function hlsMultivariant(tracks: PublishedTracks): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    // While it grows a player would join at the end.
    ...(tracks.complete ? [] : ['#EXT-X-START:TIME-OFFSET=0']),
    ...tracks.audio.map(media),
    ...startFirst(tracks.video).map((track) => variant(track, tracks.audio)),
    '',
  ].join('\n');
}

/** Seconds of the longest segment of the platform (three GOPs), so that TARGETDURATION never changes while a playlist grows. */
const usualTarget = (track: PublishedVideo | PublishedAudio): number =>
  Math.round(Math.max(0, ...track.segments.map((one) => one.ticks / track.timescale)));

/**
 * The playlist of one track (RFC 8216 §4.3.3). Open ones are of type EVENT and end without ENDLIST; once complete it is VOD.
 * @param minTarget least TARGETDURATION in seconds; a growing playlist must not change it, so it is above the longest segment to come (audio may overshoot 6 s)
 */
export function hlsMedia(track: PublishedVideo | PublishedAudio, complete: boolean, minTarget = 7): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${complete ? Math.max(1, usualTarget(track)) : Math.max(minTarget, usualTarget(track))}`,
    '#EXT-X-MEDIA-SEQUENCE:1',
    `#EXT-X-PLAYLIST-TYPE:${complete ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(complete ? [] : ['#EXT-X-START:TIME-OFFSET=0']),
    `#EXT-X-MAP:URI="${initName(track.id)}"`,
    ...track.segments.map(
      (one, n) => `#EXTINF:${(one.ticks / track.timescale).toFixed(6)},\n${segmentName(track.id, n + 1)}`,
    ),
    ...(complete ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');
}
