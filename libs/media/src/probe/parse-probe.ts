import { parseRational, type Rational } from '../rational';
import { FfprobeOutput, type FfprobeStream } from './ffprobe-json';
import { type AudioTrack, type Colour, type Probe, type VideoTrack } from './model';
import { orientationOf } from './orientation';

const INTERLACED = new Set(['tt', 'bb', 'tb', 'bt']);
/** Pictures that come as one "video" packet: album art, thumbnails. */
const isPicture = (s: FfprobeStream) =>
  s.disposition['attached_pic'] === 1 || s.disposition['still_image'] === 1 || s.disposition['timed_thumbnails'] === 1;

const ms = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000);

/** Matroska writes a track's length as a tag `00:00:10.500000000`, sometimes with a language suffix in its name. */
function taggedDuration(s: FfprobeStream): number | undefined {
  const tag = [...s.tags].find(([name]) => name === 'duration' || name.startsWith('duration-'))?.[1];
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(tag ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

function durationOf(s: FfprobeStream): number | undefined {
  const seconds = s.duration ?? taggedDuration(s);
  return seconds !== undefined && seconds > 0 ? ms(seconds) : undefined;
}

const known = (name: string | undefined): string | undefined =>
  name === undefined || ['unknown', 'unspecified', 'reserved'].includes(name) ? undefined : name;

function colourOf(s: FfprobeStream): Colour {
  const primaries = known(s.color_primaries);
  const transfer = known(s.color_transfer);
  const matrix = known(s.color_space);
  return {
    ...(primaries !== undefined && { primaries }),
    ...(transfer !== undefined && { transfer }),
    ...(matrix !== undefined && { matrix }),
    range: s.color_range === 'pc' || s.pix_fmt.startsWith('yuvj') ? 'pc' : 'tv',
  };
}

function bitDepthOf(s: FfprobeStream): number {
  const named = /p(9|10|12|14|16)(le|be)$/.exec(s.pix_fmt)?.[1] ?? /^p0(10|12|16)/.exec(s.pix_fmt)?.[1];
  return named !== undefined ? Number(named) : (s.bits_per_raw_sample ?? 8) || 8;
}

/** A pixel aspect that no camera has is a broken header: 1:1 then. */
function sarOf(s: FfprobeStream): Rational {
  const sar = parseRational(s.sample_aspect_ratio);
  const ratio = sar ? sar.num / sar.den : 1;
  return sar && ratio >= 0.1 && ratio <= 10 ? sar : { num: 1, den: 1 };
}

function videoOf(s: FfprobeStream): VideoTrack {
  const width = s.width ?? 0;
  const height = s.height ?? 0;
  const sar = sarOf(s);
  const side = s.side_data_list.find((data) => data.rotation !== undefined);
  const tagged = Number(s.tags.get('rotate') ?? Number.NaN);
  const { degrees, filters } = orientationOf(
    side?.displaymatrix,
    side?.rotation ?? (Number.isFinite(tagged) ? -tagged : 0),
  );
  const wide = Math.max(1, Math.round((width * sar.num) / sar.den));
  const turned = degrees === 90 || degrees === 270;
  const timeBase = parseRational(s.time_base) ?? { num: 1, den: 1000 };
  const averageRate = parseRational(s.avg_frame_rate);
  const baseRate = parseRational(s.r_frame_rate);
  const durationMs = durationOf(s);
  const colour = colourOf(s);
  return {
    index: s.index,
    codec: s.codec_name,
    width,
    height,
    displayWidth: turned ? height : wide,
    displayHeight: turned ? wide : height,
    rotation: degrees,
    orientation: filters,
    sar,
    pixFmt: s.pix_fmt,
    bitDepth: bitDepthOf(s),
    ...(averageRate && { averageRate }),
    ...(baseRate && { baseRate }),
    interlaced: INTERLACED.has(s.field_order),
    colour,
    hdr: colour.transfer === 'smpte2084' ? 'pq' : colour.transfer === 'arib-std-b67' ? 'hlg' : false,
    timeBase,
    startTicks: s.start_pts ?? 0,
    startMs: ms(s.start_time) ?? 0,
    ...(durationMs !== undefined && { durationMs }),
    ...(s.nb_frames !== undefined && { frames: s.nb_frames }),
  };
}

function audioOf(s: FfprobeStream): AudioTrack {
  const language = s.tags.get('language');
  const title = s.tags.get('title') ?? s.tags.get('handler_name');
  const durationMs = durationOf(s);
  return {
    index: s.index,
    codec: s.codec_name,
    channels: s.channels ?? 0,
    sampleRate: s.sample_rate ?? 0,
    ...(language !== undefined &&
      language !== 'und' &&
      /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language) && { language }),
    // Names that writers put in by themselves say nothing to a viewer.
    ...(title !== undefined && !/handler|^core media|^gpac/i.test(title) && { title: title.slice(0, 80) }),
    isDefault: s.disposition['default'] === 1,
    startMs: ms(s.start_time) ?? 0,
    ...(durationMs !== undefined && { durationMs }),
  };
}

/**
 * Reads what `ffprobe` printed for {@link probeArguments}.
 * @param json its standard output, or the parsed value
 * @param messages its standard error: a picture over the pixel limit leaves no dimensions behind, only a message
 * @throws if it is not that output; the caller then looks at the exit code and the messages
 */
export function parseProbe(json: unknown, messages = ''): Probe {
  const { streams, format } = FfprobeOutput.parse(typeof json === 'string' ? JSON.parse(json) : json);
  const pictures = streams.filter((s) => s.codec_type === 'video' && !isPicture(s));
  // The default stream, else the largest: a file may carry a small preview beside the film.
  const area = (s: FfprobeStream) => (s.width ?? 0) * (s.height ?? 0);
  const main = pictures.toSorted(
    (a, b) =>
      (b.disposition['default'] ?? 0) - (a.disposition['default'] ?? 0) || area(b) - area(a) || a.index - b.index,
  )[0];
  const video = main && videoOf(main);
  const sound = streams.filter((s) => s.codec_type === 'audio');
  const whole = format.duration !== undefined && format.duration > 0 ? ms(format.duration) : undefined;
  const durationMs = video?.durationMs ?? whole;
  return {
    container: format.format_name,
    ...(durationMs !== undefined && { durationMs }),
    durationOf: video?.durationMs !== undefined || sound.length === 0 ? 'video' : 'file',
    startMs: ms(format.start_time) ?? 0,
    ...(format.size !== undefined && { bytes: format.size }),
    ...(video && { video }),
    audio: sound.map(audioOf),
    oversized: /exceeds specified max pixel count|Picture size \d+x\d+ is invalid/.test(messages),
    streams: {
      total: streams.length,
      video: pictures.length,
      audio: sound.length,
      other: streams.length - pictures.length - sound.length,
    },
  };
}
