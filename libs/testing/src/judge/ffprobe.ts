import { execFile } from 'node:child_process';
import { program } from '../process/programs';

export interface Ran {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs ffmpeg or ffprobe on something to be judged; never rejects: what it says is the verdict. */
export function run(tool: 'ffmpeg' | 'ffprobe', args: readonly string[], timeoutMs = 180_000): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 << 20, timeout: timeoutMs };
    execFile(program(tool), ['-hide_banner', ...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ stdout, stderr, code });
    });
  });
}

export interface ProbedStream {
  index: number;
  codec_type: string;
  codec_name?: string;
  profile?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  avg_frame_rate?: string;
  channels?: number;
  sample_rate?: string;
  tags?: Record<string, string>;
}

/** ffprobe's description of a file or URL. */
export async function probe(
  input: string,
): Promise<{ streams: ProbedStream[]; format: { duration?: string; size?: string; format_name: string } }> {
  const { stdout, stderr, code } = await run('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_streams',
    '-show_format',
    input,
  ]);
  if (code !== 0) throw new Error(`ffprobe refused ${input}: ${stderr.trim()}`);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof probe>>;
}
