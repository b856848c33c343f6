import { dynamodb } from './src/dynamodb';
import { footprint } from './src/footprint';
import { goals } from './src/goals/run';

const USAGE = `npm run bench -- [G1 G4 …] [--runs N] [--quick] [--json]   the goals of the engine; all of them when none is named
npm run bench -- footprint [--json]              start-up time and memory of every process, idle
npm run bench -- dynamodb [--viewers N] [--videos N] [--minutes N] [--json]   write units and dollars per million beacons`;

const args = process.argv.slice(2);
const [name] = args;
const others: Record<string, (args: string[]) => Promise<boolean>> = { footprint, dynamodb };

const other = others[name ?? ''];
if (name === 'help' || args.includes('--help')) console.error(USAGE);
else {
  (other ? other(args.slice(1)) : goals(args)).then(
    (met) => (process.exitCode = met ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
