/** What is known of an output's files when they are made. */
export interface Track {
  readonly name: string;
  readonly extension: 'cmfv' | 'cmfa';
  readonly codec: string;
  readonly timescale: number;
  /** Length of each segment, in ticks. */
  readonly ticks: readonly number[];
  /** Bytes of each segment. */
  readonly bytes: readonly number[];
  readonly width?: number;
  readonly height?: number;
}

export const segmentFile = ({ name, extension }: Pick<Track, 'name' | 'extension'>, number: number): string =>
  `${name}_${String(number).padStart(9, '0')}.${extension}`;
export const initFile = ({ name, extension }: Pick<Track, 'name' | 'extension'>): string => `${name}init.${extension}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
export const secondsOf = ({ ticks, timescale }: Track): number => sum(ticks) / timescale;
const bandwidth = (track: Track): number =>
  Math.ceil(Math.max(...track.bytes.map((bytes, n) => (bytes * 8 * track.timescale) / (track.ticks[n] ?? 1))));

/** Reads codec and timeline from the MPD that ffmpeg wrote of one output. */
export function readTimeline(mpd: string): { codec: string; timescale: number; ticks: number[] } {
  const codec = /codecs="([^"]+)"/.exec(mpd)?.[1] ?? '';
  const timescale = Number(/<SegmentTemplate[^>]* timescale="(\d+)"/.exec(mpd)?.[1] ?? 0);
  const ticks = [...mpd.matchAll(/<S (?:t="\d+" )?d="(\d+)"(?: r="(\d+)")?/g)].flatMap(([, d, r]) =>
    Array<number>(Number(r ?? 0) + 1).fill(Number(d)),
  );
  return { codec, timescale, ticks };
}

/** The playlist of one output, as the service writes it. */
export const mediaPlaylist = (track: Track): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${Math.round(Math.max(...track.ticks) / track.timescale)}`,
    '#EXT-X-MEDIA-SEQUENCE:1',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-MAP:URI="${initFile(track)}"`,
    ...track.ticks.flatMap((ticks, n) => [
      `#EXTINF:${(ticks / track.timescale).toFixed(5)},`,
      segmentFile(track, n + 1),
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');

/** The multivariant playlist. */
export function mainPlaylist(tracks: readonly Track[]): string {
  const audio = tracks.filter(({ extension }) => extension === 'cmfa');
  const group = audio.length > 0 ? ',AUDIO="audio"' : '';
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...audio.map(
      ({ name }, n) =>
        `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="${name}",DEFAULT=${n === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,URI="${name}.m3u8"`,
    ),
    ...tracks
      .filter(({ extension }) => extension === 'cmfv')
      .flatMap((track) => [
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth(track)},CODECS="${[track, ...audio].map(({ codec }) => codec).join(',')}",RESOLUTION=${track.width}x${track.height}${group}`,
        `${track.name}.m3u8`,
      ]),
    '',
  ].join('\n');
}

const adaptationSet = (track: Track, n: number): string => {
  const kind = track.extension === 'cmfv' ? 'video' : 'audio';
  const size = kind === 'video' ? ` width="${track.width}" height="${track.height}"` : '';
  return `<AdaptationSet id="${n}" contentType="${kind}" mimeType="${kind}/mp4" segmentAlignment="true" startWithSAP="1">
<Representation id="${n}" codecs="${track.codec}" bandwidth="${bandwidth(track)}"${size}>
<SegmentTemplate timescale="${track.timescale}" startNumber="1" initialization="${initFile(track)}" media="${track.name}_$Number%09d$.${track.extension}">
<SegmentTimeline>${track.ticks.map((ticks, i) => `<S${i === 0 ? ' t="0"' : ''} d="${ticks}"/>`).join('')}</SegmentTimeline>
</SegmentTemplate></Representation></AdaptationSet>`;
};

/** The DASH manifest. */
export const dashManifest = (tracks: readonly Track[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-main:2011" type="static" minBufferTime="PT12S" mediaPresentationDuration="PT${Math.max(...tracks.map(secondsOf)).toFixed(3)}S">
<Period id="1" start="PT0S">
${tracks.map(adaptationSet).join('\n')}
</Period></MPD>
`;
