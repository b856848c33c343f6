import { z } from 'zod';

const Tags = z
  .record(z.string(), z.unknown())
  .optional()
  .transform((tags) => new Map(Object.entries(tags ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)])));

/** ffprobe writes numbers as strings in some fields and leaves out what it doesn't know. */
const Count = z
  .union([z.number(), z.string()])
  .optional()
  .transform((value) => {
    const number = Number(value ?? Number.NaN);
    return Number.isFinite(number) ? number : undefined;
  });

export const FfprobeStream = z.object({
  index: z.int().nonnegative(),
  codec_type: z.string().default('unknown'),
  codec_name: z.string().default('unknown'),
  width: Count,
  height: Count,
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().default('unknown'),
  bits_per_raw_sample: Count,
  field_order: z.string().default('unknown'),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  start_pts: Count,
  start_time: Count,
  duration: Count,
  nb_frames: Count,
  channels: Count,
  sample_rate: Count,
  disposition: z.record(z.string(), z.number()).default({}),
  tags: Tags,
  side_data_list: z.array(z.object({ displaymatrix: z.string().optional(), rotation: Count })).default([]),
});
export type FfprobeStream = z.output<typeof FfprobeStream>;

/** The part of `ffprobe -show_streams -show_format -of json` that we read. */
export const FfprobeOutput = z.object({
  streams: z.array(FfprobeStream).default([]),
  format: z.object({
    format_name: z.string(),
    start_time: Count,
    duration: Count,
    size: Count,
    tags: Tags,
  }),
});
