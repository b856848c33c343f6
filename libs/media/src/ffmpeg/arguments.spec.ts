import { displayMatrix, ffprobeAudio, ffprobeOutput, ffprobeVideo } from '../fixtures/ffprobe';
import { planEncoding } from '../plan/plan-encoding';
import { parseProbe } from '../probe/parse-probe';
import { probeArguments, tailProbeArguments } from '../probe/probe-arguments';
import { audioArguments } from './audio-arguments';
import { chunkArguments } from './chunk-arguments';
import { type MediaInput } from './input';
import { posterArguments, storyboardArguments } from './still-arguments';

const file: MediaInput = { kind: 'file', path: '/data/-i evil.mp4' };
const planOf = (video: Record<string, unknown> = {}, options = {}, format = {}) =>
  planEncoding(parseProbe(ffprobeOutput([ffprobeVideo(video), ffprobeAudio()], format)), options);
const valueOf = (args: string[], option: string) => args[args.indexOf(option) + 1];

describe('hardening', () => {
  const plan = planOf();
  const [chunk] = plan.chunks;
  const [audio] = plan.audio;
  if (!chunk || !audio) throw new Error('unreachable');
  const commands = {
    probe: probeArguments(file),
    tail: tailProbeArguments(file, 60_000),
    chunk: chunkArguments(plan, chunk, file),
    audio: audioArguments(plan, audio, file),
    poster: posterArguments(plan, file),
  };

  it.each(Object.entries(commands))('%s trusts nothing', (_, args) => {
    const input = args.indexOf('-i');
    expect(args[input + 1]).toBe('file:/data/-i evil.mp4');
    for (const option of [
      '-protocol_whitelist',
      '-format_whitelist',
      '-codec_whitelist',
      '-max_streams',
      '-max_pixels',
    ]) {
      expect(args.indexOf(option)).toBeGreaterThanOrEqual(0);
      expect(args.indexOf(option)).toBeLessThan(input);
    }
    expect(valueOf(args, '-protocol_whitelist')).toBe('file');
    const formats = valueOf(args, '-format_whitelist')?.split(',');
    for (const demuxer of ['hls', 'dash', 'concat', 'image2', 'tty', 'srt', 'ass', 'lavfi', 'xbin', 'applehttp'])
      expect(formats).not.toContain(demuxer);
    expect(args).not.toContain('-hwaccel');
  });

  it('lets a URL reach the network and nothing of this machine', () => {
    const args = probeArguments({ kind: 'url', url: 'https://bucket/source?sig=1' });
    expect(valueOf(args, '-protocol_whitelist')).toBe('https,http,tcp,tls,crypto');
    expect(valueOf(args, '-i')).toBe('https://bucket/source?sig=1');
    expect(() => probeArguments({ kind: 'url', url: 'gopher://x' })).toThrow();
  });
});

describe('chunkArguments', () => {
  it('decodes once for every rung', () => {
    const plan = planOf();
    const args = chunkArguments(plan, { index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }, file, {
      threads: 1,
    });
    expect(args.filter((arg) => arg === '-i')).toHaveLength(1);
    expect(args.filter((arg) => /^pipe:\d$/.test(arg))).toEqual(['pipe:3', 'pipe:4', 'pipe:5', 'pipe:6', 'pipe:7']);
    expect(valueOf(args, '-filter_complex')).toBe(
      '[0:0]scale=1920:1080,setpts=PTS-(0),fps=25:round=near:start_time=0:eof_action=pass,trim=start_pts=0,scale=1920:1080,format=yuv420p,setsar=1,' +
        'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,split=2[v0][s1];' +
        '[s1]scale=1280:720,setsar=1,split=3[v1][s2][s3];[s2]scale=854:480,setsar=1[v2];[s3]scale=640:360,setsar=1,split=2[v3][s4];[s4]scale=426:240,setsar=1[v4]',
    );
    expect(args.join(' ')).toContain('keyint=50:min-keyint=50:scenecut=0:open-gop=0:stitchable=1');
    expect(args).not.toContain('-ss');
    expect(args.filter((arg) => arg === '-threads')).toHaveLength(6);
  });

  it('seeks a margin before a later chunk, and stamps it absolutely', () => {
    const plan = planOf({
      r_frame_rate: '30000/1001',
      avg_frame_rate: '30000/1001',
      start_pts: 12_800,
      start_time: '1.0',
    });
    const args = chunkArguments(plan, { index: 1, startFrame: 360, endFrame: 540, firstSegment: 4 }, file);
    expect(args.join(' ')).toContain('stitchable=1:vbv-init=0.4');
    expect(args.slice(args.indexOf('-seek_timestamp'), args.indexOf('-ss') + 2)).toEqual([
      '-seek_timestamp',
      '1',
      '-noaccurate_seek',
      '-ss',
      '12.012',
    ]);
    expect(valueOf(args, '-filter_complex')).toContain(
      'setpts=PTS-(12800),fps=30000/1001:round=near:eof_action=pass,trim=start_pts=360:end_pts=540,setpts=PTS-360,',
    );
    expect(valueOf(args, '-output_ts_offset')).toBe('12.012');
    expect(args).toContain('-copyts');
  });

  it('deinterlaces, turns, maps HDR down and converts odd colours', () => {
    const graph = (video: Record<string, unknown>) =>
      valueOf(
        chunkArguments(planOf(video), { index: 0, startFrame: 0, endFrame: null, firstSegment: 1 }, file),
        '-filter_complex',
      ) ?? '';
    expect(graph({ field_order: 'tb' })).toContain('scale=1920:1080,bwdif=');
    expect(graph(displayMatrix(-90, [0, 1, -1, 0]))).toContain('scale=1920:1080,transpose=clock,setpts');
    expect(graph(displayMatrix(180, [-1, 0, 0, -1]))).toContain(',hflip,vflip,setpts');
    expect(graph({ color_transfer: 'smpte2084', color_space: 'bt2020nc' })).toContain('tonemap=tonemap=hable');
    expect(graph({ pix_fmt: 'gbrp', color_space: 'gbr' })).toContain(
      'scale=1920:1080:out_color_matrix=bt709:out_range=tv',
    );
    expect(graph({ color_range: 'pc' })).toContain(
      'in_color_matrix=bt709:in_range=pc:out_color_matrix=bt709:out_range=tv',
    );
    expect(graph({ width: 640, height: 480, color_space: 'smpte170m' })).toContain('colorspace=smpte170m');
  });

  it('lets ffmpeg mend the clock of a transport stream', () => {
    const args = chunkArguments(
      planOf({}, {}, { format_name: 'mpegts' }),
      { index: 0, startFrame: 0, endFrame: null, firstSegment: 1 },
      file,
    );
    expect(args).not.toContain('-copyts');
  });
});

describe('audio and stills', () => {
  it('aligns the sound with the first picture and fills it up to the last', () => {
    const plan = planOf({ start_pts: 8960, start_time: '0.7' });
    const [audio] = plan.audio;
    if (!audio) throw new Error('unreachable');
    expect(valueOf(audioArguments(plan, audio, file), '-filter:a')).toBe(
      'asetpts=PTS-(0.7)/TB,aresample=48000:async=1:first_pts=0,apad=whole_dur=60,aformat=sample_rates=48000:channel_layouts=stereo',
    );
  });

  it('takes the poster near its time, and sheets from keyframes of what is piped in', () => {
    const plan = planOf();
    expect(valueOf(posterArguments(plan, file), '-ss')).toBe('6');
    expect(posterArguments(planOf({ duration: '1' }), file)).not.toContain('-ss');
    const sheets = storyboardArguments(plan, { kind: 'stdin' });
    expect(valueOf(sheets, '-i')).toBe('pipe:0');
    expect(valueOf(sheets, '-protocol_whitelist')).toBe('pipe');
    expect(valueOf(sheets, '-vf')).toContain('tile=10x10');
  });
});
