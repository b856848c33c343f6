import { parseProbe, planEncoding, probeArguments } from '@kinora/media';
import { startPlatform } from '@kinora/local';
import { freshDir, makeMedia } from '@kinora/testing';
import { execFileSync, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bareCommand } from './bare';
import { pipelineOf } from './pipeline';
import { cpuBelow, cpuByName } from './processes';
import { median, table } from './report';

const GOAL = 1.05;

export interface Cost {
  /** Seconds. */
  readonly cpu: number;
  readonly wall: number;
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [cpu, at] = [cpuBelow(), performance.now()];
  await work();
  return { cpu: cpuBelow() - cpu, wall: (performance.now() - at) / 1000 };
}

const run = (command: string, args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with status ${code}`))));
  });

/** A minute of 1080p with movement and grain, and sound. */
const sample = (): Promise<string> =>
  makeMedia({
    name: 'bench-1080p-60s.mp4',
    args: [
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=1920x1080:r=30:d=60,noise=alls=8:allf=t',
        '-f',
        'lavfi',
        '-i',
        'sine=f=440:r=48000:d=60',
      ],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-crf',
        '23',
        '-pix_fmt',
        'yuv420p',
        '-c:a',
        'aac',
        '-ac',
        '2',
        '-movflags',
        '+faststart',
      ],
    ],
  });

/** Compares the whole pipeline (upload complete → ready, all processes) with the bare command, in turns. */
export async function ladder(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
  });
  const file = positionals[0] ?? (await sample());
  const probe = parseProbe(
    JSON.parse(
      execFileSync('ffprobe', probeArguments({ kind: 'file', path: file }), { encoding: 'utf8', maxBuffer: 32 << 20 }),
    ),
  );
  const plan = planEncoding(probe);
  const platform = await startPlatform({ dataDir: freshDir('bench'), port: 0 });
  const runs: { bare: Cost; pipeline: Cost; playable: number; parts: [string, number][] }[] = [];
  try {
    const pipeline = await pipelineOf(platform);
    for (let n = 0; n < Number(values.runs); n++) {
      const bare = await costOf(() => run('ffmpeg', bareCommand(plan, file, freshDir('bare'))));
      const complete = await pipeline.upload(file);
      let playable = 0;
      const before = cpuByName();
      const whole = await costOf(async () => (playable = await pipeline.untilReady(complete)));
      const parts = [...cpuByName()].map(([name, cpu]): [string, number] => [name, cpu - (before.get(name) ?? 0)]);
      runs.push({ bare, pipeline: whole, playable, parts: parts.filter(([, cpu]) => cpu >= 0.05) });
    }
  } finally {
    await platform.stop();
  }
  const ratios = runs.map(({ bare, pipeline }) => pipeline.cpu / bare.cpu);
  const ratio = median(ratios);
  if (values.json)
    console.log(JSON.stringify({ G1: { ratio, min: Math.min(...ratios), max: Math.max(...ratios), runs } }));
  else {
    console.log(`\n${file}: ${plan.rungs.map((rung) => `${rung.width}×${rung.height}`).join(', ')}\n`);
    console.log(
      table(
        ['run', 'what', 'CPU s', 'wall s', 'playable after s'],
        runs.flatMap(({ bare, pipeline, playable }, n) => [
          [n + 1, 'bare ffmpeg, one decode', bare.cpu.toFixed(2), bare.wall.toFixed(2), ''],
          [
            n + 1,
            'Kinora, upload complete to ready',
            pipeline.cpu.toFixed(2),
            pipeline.wall.toFixed(2),
            playable.toFixed(2),
          ],
        ]),
      ),
    );
    const parts = (runs.at(-1)?.parts ?? []).sort(([, a], [, b]) => b - a);
    console.log(`\nlast run by process: ${parts.map(([name, cpu]) => `${name} ${cpu.toFixed(2)}`).join(', ')}`);
    const wall = median(runs.map(({ bare, pipeline }) => pipeline.wall / bare.wall));
    console.log(`\nCPU ratio ${ratio.toFixed(3)} (goal ≤ ${GOAL})   wall ratio ${wall.toFixed(3)}\n`);
  }
  return ratio <= GOAL;
}
