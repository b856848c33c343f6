import { freshDir, onFreePort, program, startServer } from '@kinora/testing';
import path from 'node:path';
import { installJava } from '../install/java';
import { answers, CREDENTIALS, type Server } from './server';

const VERSION = '2.6.1';
const LAUNCHER = 'LoopbackDynamoDb';

const install = (signal: AbortSignal): Promise<string> =>
  installJava(
    { name: `dynamodb-local-${VERSION}`, launcher: LAUNCHER, artifacts: [`com.amazonaws:DynamoDBLocal:${VERSION}`] },
    signal,
  );

/** Amazon's own DynamoDB for one machine, in memory. */
export const dynamoDbLocal: Server = {
  name: 'DynamoDB Local',
  version: VERSION,
  needs: ['a Java 17 development kit and Maven'],
  provides: ['dynamodb'],
  install,
  async start() {
    const folder = await install(new AbortController().signal);
    const lib = path.join(folder, 'lib');
    return onFreePort(async (port) => {
      const endpoint = `http://127.0.0.1:${port}`;
      const child = await startServer({
        name: 'DynamoDB Local',
        command: program('java'),
        args: [
          ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Djava.library.path=${lib}`],
          ...['-cp', `${folder}/classes:${lib}/*`, LAUNCHER, '-inMemory', '-port', String(port), '-disableTelemetry'],
          // One account, whatever the credentials.
          '-sharedDb',
        ],
        cwd: freshDir('kinora-dynamodb'),
        ready: () => answers(endpoint),
      });
      return { address: { dynamodb: { ...CREDENTIALS, endpoint } }, stop: () => child.stop() };
    });
  },
};
