import {
  type CognitoServer,
  type DeliveredCode,
  startCognitoLocal,
  startDynalite,
  startPostgres,
  startRedis,
} from '@kinora/testing';
import { setUpCognito } from './cognito-pool';
import { type DataFolder } from './data-folder';
import { assignPorts } from './ports';

/** What the services are given in place of AWS. */
export interface BackEnds {
  databaseUrl: string;
  redisUrl: string;
  dynamoUrl: string;
  cognito: { endpoint: string; issuer: string; userPoolId: string; clientId: string };
  pids: Record<string, number>;
  stop(): Promise<void>;
}

export interface BackEndOptions {
  folder: DataFolder;
  demo: { email: string; password: string };
  onCode: (code: DeliveredCode) => void;
  /** Called when one of them ends that was not told to. */
  onLoss: (name: string) => void;
}

interface Running {
  pid: number;
  exited: Promise<unknown>;
  stop(timeoutMs?: number): Promise<void>;
}

/** Starts PostgreSQL, Redis, dynalite and cognito-local side by side on the data folder. All or none of them run. */
export async function startBackEnds({ folder, demo, onCode, onLoss }: BackEndOptions): Promise<BackEnds> {
  const ports = await assignPorts(folder, 'back-ends', ['postgres', 'redis', 'dynamodb', 'cognito']);
  const log = (name: string) => folder.file('logs', `${name}.log`);
  const running = new Map<string, Running>();
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all([...running.values()].map((server) => server.stop(3_500)));
  };
  const keep = async <S extends Running>(name: string, starting: Promise<S>): Promise<S> => {
    const server = await starting;
    running.set(name, server);
    folder.noteChild(server.pid);
    void server.exited.then(() => !stopping && onLoss(name));
    return server;
  };
  const prepare = async (server: CognitoServer) => {
    const { userPoolId, clientId } = await setUpCognito({
      endpoint: server.url,
      file: folder.file('cognito', 'pool.json'),
      demo,
    });
    return { endpoint: server.url, issuer: `${server.issuerDomain}/${userPoolId}`, userPoolId, clientId };
  };
  const started = await Promise.allSettled([
    keep(
      'postgres',
      startPostgres({ dataDir: folder.file('postgres'), port: ports.postgres, logFile: log('postgres') }),
    ),
    keep(
      'redis',
      startRedis({ dir: folder.file('redis'), appendonly: true, port: ports.redis, logFile: log('redis'), hz: 2 }),
    ),
    keep('dynamodb', startDynalite({ path: folder.file('dynamodb'), port: ports.dynamodb, logFile: log('dynamodb') })),
    keep(
      'cognito',
      startCognitoLocal({ dir: folder.file('cognito'), port: ports.cognito, logFile: log('cognito'), onCode }),
    ).then(prepare),
  ] as const);
  const [postgres, redis, dynamo, cognito] = started;
  if (
    postgres.status === 'rejected' ||
    redis.status === 'rejected' ||
    dynamo.status === 'rejected' ||
    cognito.status === 'rejected'
  ) {
    await stop();
    throw started.find((one) => one.status === 'rejected')?.reason;
  }
  return {
    databaseUrl: postgres.value.url,
    redisUrl: redis.value.url,
    dynamoUrl: dynamo.value.url,
    cognito: cognito.value,
    pids: Object.fromEntries([...running].map(([name, { pid }]) => [name, pid])),
    stop,
  };
}
