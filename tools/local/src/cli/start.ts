import { type Platform, type PlatformStep, startPlatform } from '../platform/platform';
import { type StartOptions } from './options';
import { createReporter, type Reporter } from './reporter';
import { sendFile } from './send-file';
import { watchSources } from './watch';

const DOING: Record<PlatformStep['step'], string> = {
  build: 'Building what has changed',
  'back-ends': 'Starting PostgreSQL, Redis, DynamoDB (dynalite) and Cognito (cognito-local)',
  services: 'Starting the services',
  gateway: 'Opening the gateway',
};

/** `npm start`: returns the status to leave with, once everything that was started has ended. */
export async function start(options: StartOptions, signal: AbortSignal): Promise<number> {
  const reporter = createReporter(options);
  const since = Date.now();
  let lost: string | undefined;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  let platform: Platform;
  try {
    platform = await startPlatform({
      port: options.port,
      dataDir: options.dataDir,
      signal,
      onStep: ({ step, status, ms }) =>
        reporter.tell(
          { step, status, ...(ms !== undefined && { ms }) },
          status === 'begun' ? `${DOING[step]} …` : undefined,
        ),
      onCrash: ({ name, status, restartInMs }) =>
        reporter.tell(
          { step: 'crash', service: name, status, restartInMs },
          `! ${name} ended (${status}); it is started again in ${restartInMs} ms`,
        ),
      onLoss: (name) => {
        lost = name;
        over.abort();
      },
    });
  } catch (error) {
    if (signal.aborted) return 130;
    const message = error instanceof Error ? error.message : String(error);
    reporter.tell({ step: 'failed', code: error instanceof Error ? error.name : 'unknown', message });
    console.error(message);
    return 1;
  }
  try {
    welcome(reporter, platform, Date.now() - since);
    if (options.watch) watchSources({ platform, reporter, signal: ended });
    const good =
      options.file === undefined || (await sendFile({ ...platform, file: options.file, reporter, signal: ended }));
    if (!options.exit) {
      if (!ended.aborted) reporter.tell({ step: 'serving' }, 'Serving until Ctrl-C.');
      await untilAborted(ended);
    }
    if (lost !== undefined) {
      console.error(`${lost} has ended unexpectedly; its log is in ${platform.dataDir}/logs. Everything is stopped.`);
      return 1;
    }
    return good || (signal.aborted && !options.exit) ? 0 : 1;
  } finally {
    reporter.tell({ step: 'stopping' }, 'Stopping …');
    await platform.stop();
    reporter.tell({ step: 'stopped' });
  }
}

function welcome(reporter: Reporter, { url, demo, dataDir }: Platform, ms: number): void {
  reporter.tell(
    { step: 'ready-to-use', url, email: demo.email, password: demo.password, dataDir, ms },
    `
Kinora is ready after ${(ms / 1000).toFixed(1)} s:   ${url}

    Sign in      ${demo.email}
    Password     ${demo.password}

    API          ${url}/docs
    Mailbox      ${url}/dev/mailbox   (codes for new accounts)
    Logs         ${dataDir}/logs
`,
  );
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );
