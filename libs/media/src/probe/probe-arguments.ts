import { inputArguments, type MediaInput } from '../ffmpeg/input';

/** Bytes of ffprobe's standard output that are worth reading; more is an attack (10^5 chapters, tags of megabytes). */
export const MAX_PROBE_OUTPUT = 4 * 1024 * 1024;

const FIELDS = [
  'format=format_name,start_time,duration,size',
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,bits_per_raw_sample,field_order,color_range,color_space,color_transfer,color_primaries,r_frame_rate,avg_frame_rate,time_base,start_pts,start_time,duration,nb_frames,channels,sample_rate',
  'stream_tags=language,title,handler_name,rotate,DURATION,DURATION-eng',
  'stream_side_data=displaymatrix,rotation',
  'stream_disposition=default,attached_pic,still_image,timed_thumbnails',
].join(':');

/** Arguments of `ffprobe` that print what {@link parseProbe} reads. Bounded in bytes read, pictures decoded and streams. */
export const probeArguments = (input: MediaInput): string[] => [
  '-v',
  'error',
  ...inputArguments(input, { sound: true, before: ['-probesize', '20000000', '-analyzeduration', '20000000'] }),
  '-show_entries',
  FIELDS,
  '-of',
  'json',
];

/** How far before the declared end the last packets are looked for. */
const TAIL_MS = 4_000;

/**
 * Arguments of `ffprobe` that list the packets near the declared end, by a seek, so in constant time: a file cut short has
 * none there although its header promises them. Read by {@link parseTail}.
 * Without a duration the whole file is walked (no decoding), to learn it.
 */
export const tailProbeArguments = (input: MediaInput, durationMs?: number, startMs = 0): string[] => [
  '-v',
  'error',
  ...inputArguments(input),
  ...(durationMs === undefined ? [] : ['-read_intervals', `${Math.max(0, startMs + durationMs - TAIL_MS) / 1000}%`]),
  '-show_entries',
  'packet=stream_index,pts_time,duration_time,size',
  '-of',
  'csv=p=0',
];

export interface Tail {
  readonly packets: number;
  /** End of the last packet, on the file's own clock; undefined if there was none with a time. */
  readonly endMs?: number;
  /** The same for one stream each. */
  readonly endMsOf: ReadonlyMap<number, number>;
}

/** Reads what `ffprobe` printed for {@link tailProbeArguments}. */
export function parseTail(csv: string): Tail {
  const ends = new Map<number, number>();
  let packets = 0;
  for (const line of csv.split('\n')) {
    const [stream, pts, duration, size] = line.split(',');
    if (stream === undefined || stream === '' || !(Number(size) > 0)) continue;
    packets += 1;
    const end = (Number(pts) + (Number(duration) || 0)) * 1000;
    if (Number.isFinite(end))
      ends.set(Number(stream), Math.max(ends.get(Number(stream)) ?? Number.NEGATIVE_INFINITY, Math.round(end)));
  }
  return { packets, endMsOf: ends, ...(ends.size > 0 && { endMs: Math.max(...ends.values()) }) };
}
