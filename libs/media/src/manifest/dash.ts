import { formatRational } from '../rational';
import { languageTag } from './hls';
import {
  type PublishedAudio,
  type PublishedSegment,
  type PublishedTracks,
  type PublishedVideo,
  initName,
  measured,
  secondsOf,
  segmentName,
} from './published';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 §2.2 forbids control characters other than tab and line ends, even escaped. */
const allowed = (c: string): boolean => c >= ' ' || c === '\t' || c === '\n' || c === '\r';

/** Text for an XML attribute or element. */
const xml = (text: string): string => Array.from(text, (c) => (allowed(c) ? (ENTITIES[c] ?? c) : '')).join('');

const attributes = (pairs: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(pairs)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${xml(String(value))}"`]))
    .join('');

const duration = (seconds: number): string => `PT${Number(seconds.toFixed(6))}S`;

/** Equal neighbours are one `S` with a repeat count. */
function timeline(segments: readonly PublishedSegment[]): string {
  const runs: { d: number; r: number }[] = [];
  for (const { ticks } of segments) {
    const last = runs.at(-1);
    if (last?.d === ticks) last.r += 1;
    else runs.push({ d: ticks, r: 0 });
  }
  return runs
    .map(({ d, r }, n) => `<S${attributes({ t: n === 0 ? 0 : undefined, d, r: r > 0 ? r : undefined })}/>`)
    .join('');
}

function template(track: PublishedVideo | PublishedAudio): string {
  const media = attributes({
    timescale: track.timescale,
    initialization: initName(track.id),
    media: segmentName(track.id, '$Number$'),
    startNumber: 1,
    presentationTimeOffset: 0,
  });
  return `<SegmentTemplate${media}><SegmentTimeline>${timeline(track.segments)}</SegmentTimeline></SegmentTemplate>`;
}

const videoRepresentation = (track: PublishedVideo): string =>
  `<Representation${attributes({
    id: track.id,
    codecs: track.codec,
    bandwidth: measured(track).peak,
    width: track.width,
    height: track.height,
    frameRate: formatRational(track.frameRate),
    sar: '1:1',
  })}>${template(track)}</Representation>`;

const audioRepresentation = (track: PublishedAudio): string =>
  `<Representation${attributes({ id: track.id, codecs: track.codec, bandwidth: measured(track).peak, audioSamplingRate: track.sampleRate })}>` +
  `<AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${track.channels}"/>` +
  `${template(track)}</Representation>`;

function videoSet(video: readonly PublishedVideo[]): string {
  if (video.length === 0) return '';
  const shape = attributes({
    id: 0,
    contentType: 'video',
    mimeType: 'video/mp4',
    segmentAlignment: 'true',
    startWithSAP: 1,
    maxWidth: Math.max(...video.map((track) => track.width)),
    maxHeight: Math.max(...video.map((track) => track.height)),
  });
  return `<AdaptationSet${shape}>${video.map(videoRepresentation).join('')}</AdaptationSet>`;
}

const audioSet = (track: PublishedAudio): string =>
  `<AdaptationSet${attributes({
    // By the track, not by its place: others may join before it while the video grows.
    id: Number(track.id.slice(1)) + 1,
    contentType: 'audio',
    mimeType: 'audio/mp4',
    segmentAlignment: 'true',
    startWithSAP: 1,
    lang: track.language === undefined ? 'und' : languageTag(track.language),
  })}><Role schemeIdUri="urn:mpeg:dash:role:2011" value="${track.isDefault ? 'main' : 'alternate'}"/>` +
  `<Label>${xml(track.name)}</Label>${audioRepresentation(track)}</AdaptationSet>`;

export interface DashClock {
  /** When the first segment was published, and now. */
  readonly startedAt: Date;
  readonly publishedAt: Date;
  /** Length that the video will have, in seconds, where known: players then know that it only grows to that. */
  readonly expectedSeconds?: number;
}

/** Seconds after which a player asks again for a manifest that grows. */
const UPDATE_SECONDS = 2;

function presentation(tracks: PublishedTracks, seconds: number, clock: DashClock): string {
  const longest = Math.max(
    1,
    ...[...tracks.video, ...tracks.audio].flatMap((track) => track.segments.map((one) => one.ticks / track.timescale)),
  );
  const common = { minBufferTime: duration(2), maxSegmentDuration: duration(longest) };
  if (tracks.complete) return attributes({ type: 'static', mediaPresentationDuration: duration(seconds), ...common });
  // Encoding may outrun the clock, and a segment is only "available" once the clock has passed it: so the clock has started long ago.
  // It must not move between updates, so it hangs on nothing that grows.
  const lead = (clock.expectedSeconds ?? 86_400) * 1.1 + 60;
  return attributes({
    type: 'dynamic',
    availabilityStartTime: new Date(clock.startedAt.getTime() - Math.ceil(lead) * 1000).toISOString(),
    publishTime: clock.publishedAt.toISOString(),
    minimumUpdatePeriod: duration(UPDATE_SECONDS),
    mediaPresentationDuration:
      clock.expectedSeconds === undefined ? undefined : duration(Math.max(clock.expectedSeconds, seconds)),
    ...common,
  });
}

/** The MPD (ISO/IEC 23009-1): one period over the same segments as HLS; dynamic while it grows, then static. */
export function dashManifest(tracks: PublishedTracks, clock: DashClock): string {
  const seconds = Math.max(0, ...[...tracks.video, ...tracks.audio].map(secondsOf));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019"${presentation(tracks, seconds, clock)}>` +
    `<Period id="0" start="PT0S">${videoSet(tracks.video)}${tracks.audio.map(audioSet).join('')}</Period></MPD>\n`
  );
}
