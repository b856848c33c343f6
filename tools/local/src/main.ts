import { parseStart, USAGE, UsageError } from './cli/options';
import { start } from './cli/start';
import { runFaults } from './tests/faults';
import { runTests } from './tests/run';

/** What bootstrap.mjs hands over to: `main.ts start|dev|test|faults …`. */
async function main([command, ...args]: string[], signal: AbortSignal): Promise<number> {
  if (command === 'test') return runTests(args, signal);
  if (command === 'faults') return runFaults(args, signal);
  const options = parseStart(args, { watch: command === 'dev' });
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return start(options, signal);
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
// The channel to the bootstrap closes with it, also when it is killed.
if (process.channel) process.on('disconnect', () => stop.abort());

// Whoever read our output may go first; that is no reason to leave processes behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

main(process.argv.slice(2), stop.signal).then(
  (status) => {
    process.exitCode = status;
    // Everything is stopped. Whatever still holds the loop (a keep-alive connection) must not hold the terminal.
    setTimeout(() => process.exit(), 500).unref();
    process.disconnect?.();
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
