import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir } from '../fresh-dir';
import { nodeBinary, workspaceRoot } from '../process/programs';
import { onFreePort, startServer } from '../process/server';
import { codeReader, type DeliveredCode } from './delivered-codes';

export interface CognitoOptions {
  /** Kept between runs; without it a temporary folder. */
  dir?: string;
  /** Taken when it is free. */
  port?: number;
  logFile?: string;
  /** Put into tokens instead of the server's own URL, so that they stay valid when the port changes. */
  issuerDomain?: string;
  onCode?: (code: DeliveredCode) => void;
}

export interface CognitoServer extends AsyncDisposable {
  /** For `COGNITO_ENDPOINT`; keys are at `{url}/{poolId}/.well-known/jwks.json`. */
  url: string;
  /** Tokens are issued by `{issuerDomain}/{poolId}`. */
  issuerDomain: string;
  port: number;
  pid: number;
  exited: Promise<unknown>;
  /** Called for every code that would have been sent; returns a function that ends it. */
  onCode(listener: (code: DeliveredCode) => void): () => void;
  /** The next (or an already delivered) newest code for an address. */
  codeFor(email: string, timeoutMs?: number): Promise<string>;
  stop(timeoutMs?: number): Promise<void>;
}

/**
 * As cognito-local's own start script, but with a logger that writes at once: the original's (pino-pretty on an old sonic-boom) keeps
 * back lines until the next one is logged, and with them the codes.
 */
const SCRIPT = `
const modules = process.argv[1];
const { pino } = require(modules + '/pino');
const { createDefaultServer } = require(modules + '/cognito-local/lib/server');
const write = (line) => {
  const { time, level, msg, target, err } = JSON.parse(line);
  process.stdout.write([new Date(time).toISOString(), level, target ?? '', msg, err?.message ?? ''].join(' ') + '\\n');
};
createDefaultServer(pino({ level: 'info' }, { write })).then((server) => server.start());
`;

/** Starts cognito-local. Codes for sign-up and forgotten passwords come out of {@link CognitoServer.onCode}. */
export async function startCognitoLocal(options: CognitoOptions = {}): Promise<CognitoServer> {
  const dir = options.dir ?? freshDir('kinora-cognito');
  mkdirSync(path.join(dir, '.cognito'), { recursive: true });
  if (options.issuerDomain) {
    const config = { TokenConfig: { IssuerDomain: options.issuerDomain } };
    writeFileSync(path.join(dir, '.cognito/config.json'), JSON.stringify(config));
  }
  const codes = new EventEmitter<{ code: [DeliveredCode] }>();
  const delivered: DeliveredCode[] = [];
  codes.on('code', (code) => delivered.push(code));
  if (options.onCode) codes.on('code', options.onCode);

  const { child, port } = await onFreePort(async (port) => {
    const child = await startServer({
      name: 'cognito-local',
      command: nodeBinary(),
      args: [
        '--optimize-for-size',
        '--max-semi-space-size=1',
        '--max-old-space-size=96',
        '-e',
        SCRIPT,
        path.join(workspaceRoot, 'node_modules'),
      ],
      cwd: dir,
      // COLUMNS: otherwise long addresses are broken into two lines of the box that a code comes in.
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), COLUMNS: '500', MALLOC_ARENA_MAX: '2' },
      ...(options.logFile && { logFile: options.logFile }),
      onLine: codeReader((code) => codes.emit('code', code)),
      ready: async () => (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) })).ok,
    });
    return { child, port };
  }, options.port);

  const url = `http://127.0.0.1:${port}`;
  const stop = async (timeoutMs?: number) => void (await child.stop(timeoutMs));
  const onCode = (listener: (code: DeliveredCode) => void) => {
    codes.on('code', listener);
    return () => void codes.off('code', listener);
  };
  return {
    ...{ url, port, pid: child.pid, exited: child.exited, stop, onCode, [Symbol.asyncDispose]: () => stop() },
    issuerDomain: options.issuerDomain ?? url,
    codeFor: (email, timeoutMs = 10_000) => nextCode(email, delivered, onCode, timeoutMs),
  };
}

function nextCode(
  email: string,
  delivered: DeliveredCode[],
  onCode: CognitoServer['onCode'],
  timeoutMs: number,
): Promise<string> {
  const known = delivered.findLast((code) => code.email === email);
  if (known) {
    // A code is read once, so that the next call waits for the next one.
    delivered.splice(0, delivered.length, ...delivered.filter((code) => code.email !== email));
    return Promise.resolve(known.code);
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      off();
      reject(new Error(`no code for ${email} within ${timeoutMs} ms`));
    }, timeoutMs);
    const off = onCode((code) => {
      if (code.email !== email) return;
      clearTimeout(timer);
      off();
      delivered.splice(0, delivered.length, ...delivered.filter((other) => other.email !== email));
      resolve(code.code);
    });
  });
}
