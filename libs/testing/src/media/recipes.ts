import { createReadStream, createWriteStream, statSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cached, ffmpeg, makeMedia } from './make';

export interface Clip {
  /** @default 4 */
  seconds?: number;
  /** @default 320 */
  width?: number;
  /** @default 180 */
  height?: number;
  /** @default 30; a fraction such as '30000/1001' is fine */
  fps?: number | string;
}

const full = (clip: Clip) => ({ seconds: 4, width: 320, height: 180, fps: 30, ...clip });
const label = ({ seconds, width, height, fps }: ReturnType<typeof full>) =>
  `${width}x${height}-${String(fps).replace('/', '_')}fps-${seconds}s`;

/** A moving test picture: no two frames are alike. */
const picture = ({ width, height, fps, seconds }: ReturnType<typeof full>) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${width}x${height}:r=${fps}:d=${seconds}`,
];
const tone = (seconds: number, hz = 440) => ['-f', 'lavfi', '-i', `sine=f=${hz}:r=48000:d=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const aac = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2'];

/**
 * Files to upload in tests, made by ffmpeg on first use and kept in the cache. Every function returns a path.
 * The bad ones are bad in exactly one way each.
 */
export const media = {
  /** H.264 and AAC in MP4, index in front. */
  mp4(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    return makeMedia({
      name: `h264-${label(c)}.mp4`,
      args: [...picture(c), ...tone(c.seconds), ...x264, ...aac, '-movflags', '+faststart'],
    });
  },
  /** H.264 in MP4 without sound. */
  silent(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    return makeMedia({ name: `silent-${label(c)}.mp4`, args: [...picture(c), ...x264] });
  },
  /** H.264 and PCM in QuickTime, index at the end, as cameras write it. */
  movPcm(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    return makeMedia({
      name: `pcm-${label(c)}.mov`,
      args: [...picture(c), ...tone(c.seconds), ...x264, '-c:a', 'pcm_s16le', '-ac', '2'],
    });
  },
  /** MPEG-2 in a program stream, without sound. */
  mpeg2(clip: Clip = {}): Promise<string> {
    const c = full({ fps: 25, ...clip });
    return makeMedia({
      name: `mpeg2-${label(c)}.mpg`,
      args: [...picture(c), '-c:v', 'mpeg2video', '-q:v', '4', '-pix_fmt', 'yuv420p'],
    });
  },
  /** VP8 and Opus in WebM, without a duration in its header when `live` (as MediaRecorder writes it). */
  webmVp8(clip: Clip & { live?: boolean } = {}): Promise<string> {
    const c = full(clip);
    const live = clip.live ? ['-f', 'webm', '-live', '1'] : [];
    const video = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k', '-pix_fmt', 'yuv420p'];
    return makeMedia({
      name: `vp8${clip.live ? '-live' : ''}-${label(c)}.webm`,
      args: [...picture(c), ...tone(c.seconds), ...video, '-c:a', 'libopus', ...live],
    });
  },
  /** VP9 and Opus in WebM. */
  webmVp9(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    const video = [
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-b:v',
      '400k',
      '-pix_fmt',
      'yuv420p',
    ];
    return makeMedia({
      name: `vp9-${label(c)}.webm`,
      args: [...picture(c), ...tone(c.seconds), ...video, '-c:a', 'libopus'],
    });
  },
  /** Upright: 180 wide and 320 high, not rotated. */
  portrait: (clip: Clip = {}): Promise<string> => media.mp4({ width: 180, height: 320, ...clip }),
  /** Width and height are odd numbers (4:4:4, since 4:2:0 can't have them). */
  oddSize(clip: Clip = {}): Promise<string> {
    const c = full({ width: 319, height: 181, ...clip });
    const video = ['-vf', `scale=${c.width}:${c.height},format=yuv444p`, '-c:v', 'libx264', '-preset', 'ultrafast'];
    return makeMedia({ name: `odd-${label(c)}.mp4`, args: [...picture(c), ...tone(c.seconds), ...video, ...aac] });
  },
  /** Stored lying, shown upright: a display matrix of 90°, as phones write it. */
  async rotated(clip: Clip = {}): Promise<string> {
    const source = await media.mp4(clip);
    return makeMedia({
      name: `rotated-${label(full(clip))}.mp4`,
      salt: source,
      args: ['-display_rotation:v:0', '90', '-i', source, '-c', 'copy'],
    }).catch(() =>
      // ffmpeg before 6.0 has the option as metadata of the output
      makeMedia({
        name: `rotated-${label(full(clip))}.mp4`,
        args: ['-i', source, '-c', 'copy', '-metadata:s:v:0', 'rotate=90'],
      }),
    );
  },
  /** Pixels that are wider than high: 240×180 shown as 320×180. */
  anamorphic(clip: Clip = {}): Promise<string> {
    const c = full({ width: 240, ...clip });
    return makeMedia({
      name: `anamorphic-${label(c)}.mp4`,
      args: [...picture(c), ...tone(c.seconds), '-vf', 'setsar=4/3', ...x264, ...aac],
    });
  },
  /** Frame durations differ: of every 5 frames of the second half only 2 are kept. */
  vfr(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    const select = `select='lt(t,${c.seconds / 2})+lt(mod(n,5),2)'`;
    return makeMedia({
      name: `vfr-${label(c)}.mp4`,
      args: [...picture(c), ...tone(c.seconds), '-vf', select, '-vsync', 'vfr', ...x264, ...aac],
    });
  },
  /** White for the first 0.1 s of each second, black otherwise, with a tone at the same time: sound and picture can be compared. */
  flashAndBeep(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    const video = `color=black:s=${c.width}x${c.height}:r=${c.fps}:d=${c.seconds},drawbox=enable='lt(mod(t,1),0.1)':c=white:t=fill`;
    const audio = `aevalsrc='if(lt(mod(t,1),0.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=${c.seconds}`;
    return makeMedia({
      name: `flash-${label(c)}.mp4`,
      args: ['-f', 'lavfi', '-i', video, '-f', 'lavfi', '-i', audio, ...x264, ...aac],
    });
  },
  /** Two languages of sound. */
  twoAudioTracks(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    const maps = [
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '2:a',
      '-metadata:s:a:0',
      'language=eng',
      '-metadata:s:a:1',
      'language=deu',
    ];
    return makeMedia({
      name: `two-audio-${label(c)}.mp4`,
      args: [...picture(c), ...tone(c.seconds), ...tone(c.seconds, 880), ...maps, ...x264, ...aac],
    });
  },

  /** A sound track that is declared and has not a single sample in it. */
  emptyAudioTrack(clip: Clip = {}): Promise<string> {
    const c = full(clip);
    const nothing = ['-f', 's16le', '-ar', '48000', '-ac', '2', '-i', '/dev/null'];
    return makeMedia({
      name: `empty-audio-${label(c)}.mkv`,
      args: [...picture(c), ...nothing, '-map', '0:v', '-map', '1:a', ...x264, '-c:a', 'pcm_s16le'],
    });
  },

  /** An MP4 (index in front) of which only a part arrived: the header still promises all of it. */
  async truncated({ keep = 0.5, ...clip }: Clip & { keep?: number } = {}): Promise<string> {
    const source = await media.mp4({ seconds: 6, ...clip });
    return cached(['truncated', source, keep], 'truncated.mp4', (file) =>
      pipeline(createReadStream(source, { end: Math.floor(statSync(source).size * keep) }), createWriteStream(file)),
    );
  },
  /** Sound only, in MP4. */
  soundOnly: (seconds = 3): Promise<string> =>
    makeMedia({ name: `sound-${seconds}s.mp4`, args: [...tone(seconds), ...aac] }),
  /** Prose that calls itself MP4. */
  text: (): Promise<string> =>
    cached('text', 'text.mp4', async (file) => writeFileSync(file, 'It was a dark and stormy night. '.repeat(400))),
  /** No bytes at all. */
  empty: (): Promise<string> => cached('empty', 'empty.mp4', async (file) => writeFileSync(file, '')),
  /** A picture and 300 audio tracks. */
  manyAudioTracks(count = 300): Promise<string> {
    return cached(['tracks', count], `tracks-${count}.mp4`, async (file) => {
      const one = await media.mp4({ seconds: 1 });
      const maps = Array.from({ length: count }, () => ['-map', '0:a']).flat();
      await ffmpeg(['-i', one, '-map', '0:v', ...maps, '-c', 'copy', file]);
    });
  },
  /** One frame of 16000×16000 grey pixels, PNG in QuickTime: small to store, 256 MB to decode. */
  huge(size = 16_000): Promise<string> {
    const source = ['-f', 'lavfi', '-i', `color=gray:s=${size}x${size}:r=1:d=1,format=gray`];
    return makeMedia({ name: `huge-${size}.mov`, args: [...source, '-frames:v', '1', '-c:v', 'png', '-pred', 'none'] });
  },
  /** An HLS playlist, named `.mp4` or `.m3u8`, whose only segment is at `url`: nobody must ever ask for it. */
  playlist: (url: string, name = 'playlist.mp4'): Promise<string> =>
    cached(['playlist', url], name, async (file) =>
      writeFileSync(file, `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`),
    ),
};
