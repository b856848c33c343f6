import { type MediaInput, inputArguments } from '../ffmpeg/input';
import { type FrameTimes, createFrameTimes } from './frame-times';

/** Arguments of `ffprobe` that list every packet of a file, without decoding any. Read by {@link createPacketScan}. */
export const packetScanArguments = (input: MediaInput): string[] => [
  '-v',
  'error',
  ...inputArguments(input),
  '-show_entries',
  'packet=stream_index,pts,pts_time,dts,duration,duration_time,flags',
  '-of',
  'csv=p=0',
];

export interface PacketScan {
  /** Of the video. */
  readonly times: FrameTimes | undefined;
  /** From the first to the last moment of any stream. */
  readonly seconds: number;
}

const number = (text: string | undefined): number | undefined => {
  const value = Number(text === '' || text === undefined ? Number.NaN : text);
  return Number.isFinite(value) ? value : undefined;
};

/** Takes what `ffprobe` prints for {@link packetScanArguments}, in pieces of any size. */
export function createPacketScan(videoIndex: number): { push(text: string): void; end(): PacketScan } {
  const times = createFrameTimes();
  let rest = '';
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const line = (text: string): void => {
    const [stream, pts, at, dts, duration, lasts, flags = ''] = text.split(',');
    const begins = number(at);
    if (begins !== undefined) {
      from = Math.min(from, begins);
      to = Math.max(to, begins + (number(lasts) ?? 0));
    }
    // Packets that an edit list hides are decoded and not shown.
    if (stream !== String(videoIndex) || flags.includes('D')) return;
    times.push({ pts: number(pts), dts: number(dts), duration: number(duration) ?? 0 });
  };
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(line);
    },
    end() {
      if (rest !== '') line(rest);
      return { times: times.end(), seconds: Math.max(0, to - from) };
    },
  };
}
