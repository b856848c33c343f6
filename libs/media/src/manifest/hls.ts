import { middleRung } from '../plan/middle-rung';
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

/** Players that don't know their bandwidth yet start with the first variant: the middle one; the others follow from large to small. */
function startFirst(video: readonly PublishedVideo[]): PublishedVideo[] {
  if (video.length === 0) return [];
  const start = middleRung(video);
  const others = video.filter((track) => track !== start);
  return [start, ...others.toSorted((a, b) => b.width * b.height - a.width * a.height)];
}

/** The multivariant playlist (RFC 8216 §4.3.4). Bandwidths are measured, not planned. */
export function hlsMultivariant(tracks: PublishedTracks): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    // While it grows a player would join near the end.
    ...(tracks.complete ? [] : ['#EXT-X-START:TIME-OFFSET=0']),
    ...tracks.audio.map(media),
    ...startFirst(tracks.video).map((track) => variant(track, tracks.audio)),
    '',
  ].join('\n');
}

/** No segment of three GOPs of 2 s is longer, sound that overshoots them included. */
const USUAL_TARGET = 7;

/** TARGETDURATION in seconds: it must not change while a playlist grows, so it looks ahead from the first segment, which is one GOP of the three to come. */
const targetOf = ({ segments, timescale }: PublishedVideo | PublishedAudio): number => {
  const seconds = segments.map((one) => one.ticks / timescale);
  return Math.max(USUAL_TARGET, Math.round(3 * (seconds[0] ?? 0)), ...seconds.map(Math.round));
};

/**
 * The playlist of one track (RFC 8216 §4.3.3), of type EVENT: while it grows, segments are added at its end and nothing else
 * changes (§6.2.1), and once complete it has ENDLIST. It is no VOD then: a player that has seen it grow must not find another type.
 */
export function hlsMedia(track: PublishedVideo | PublishedAudio, complete: boolean): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetOf(track)}`,
    '#EXT-X-MEDIA-SEQUENCE:1',
    '#EXT-X-PLAYLIST-TYPE:EVENT',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    // While it grows a player would join near the end.
    '#EXT-X-START:TIME-OFFSET=0',
    `#EXT-X-MAP:URI="${initName(track.id)}"`,
    ...track.segments.map(
      (one, n) => `#EXTINF:${(one.ticks / track.timescale).toFixed(6)},\n${segmentName(track.id, n + 1)}`,
    ),
    ...(complete ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');
}
