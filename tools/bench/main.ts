import { dynamodb } from './src/dynamodb';
import { footprint } from './src/footprint';
import { ladder } from './src/ladder';

const USAGE = `npm run bench -- ladder [FILE] [--runs N] [--json]   pipeline against a bare one-decode ffmpeg (made: 60 s of 1080p)
npm run bench -- footprint [--json]              start-up time and memory of every process, idle
npm run bench -- dynamodb [--viewers N] [--videos N] [--minutes N] [--json]   write units and dollars per million beacons`;

const [name, ...args] = process.argv.slice(2);
const benchmarks: Record<string, (args: string[]) => Promise<boolean>> = { ladder, footprint, dynamodb };

const run = benchmarks[name ?? ''];
if (!run) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  run(args).then(
    (met) => (process.exitCode = met ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
