import { type EncodingPlan } from '@kinora/media';

/**
 * What somebody who knows ffmpeg would type for this ladder: one process, one decode, all rungs and the sound, the same
 * settings. Written without libs/media's command builders, so that it can't share their mistakes.
 */
export function bareCommand(plan: EncodingPlan, file: string, folder: string): string[] {
  const { rungs, audio, rate, gopFrames } = plan;
  const fps = `fps=${rate.num}/${rate.den}`;
  const names = rungs.map((_, n) => `[s${n}]`).join('');
  const graph = [
    `[0:v:0]${fps},split=${rungs.length}${names}`,
    ...rungs.map((rung, n) => `[s${n}]scale=${rung.width}:${rung.height},setsar=1,format=yuv420p[v${n}]`),
  ].join(';');
  const mp4 = ['-f', 'mp4', '-movflags', '+frag_keyframe+delay_moov+default_base_moof'];
  const video = rungs.flatMap((rung, n) => [
    ...[
      '-map',
      `[v${n}]`,
      '-c:v',
      'libx264',
      '-preset',
      rung.preset,
      '-profile:v',
      rung.profile,
      '-level:v',
      rung.level,
    ],
    ...['-crf', `${rung.crf}`, '-maxrate', `${rung.maxrate}`, '-bufsize', `${rung.bufsize}`],
    ...['-g', `${gopFrames}`, '-keyint_min', `${gopFrames}`, '-sc_threshold', '0', ...mp4, `${folder}/${rung.id}.mp4`],
  ]);
  const sound = audio.flatMap((track) => [
    ...[
      '-map',
      `0:${track.streamIndex}`,
      '-c:a',
      'aac',
      '-b:a',
      `${track.bitrate}`,
      '-ac',
      `${track.channels}`,
      '-ar',
      `${track.sampleRate}`,
    ],
    ...[...mp4, '-frag_duration', '2000000', `${folder}/${track.id}.mp4`],
  ]);
  return ['-v', 'error', '-nostdin', '-y', '-i', file, '-filter_complex', graph, ...video, ...sound];
}

/** One ffmpeg after the other, each for one rung and with the sound, as platforms do that run a job a rendition. */
export const naiveCommands = (plan: EncodingPlan, file: string, folder: string): string[][] =>
  plan.rungs.map((rung) => bareCommand({ ...plan, rungs: [rung] }, file, folder));
