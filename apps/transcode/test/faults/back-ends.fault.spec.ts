import { freePort, freshDir, startPostgres, startRedis } from '@kinora/testing';
import { ofBackEnds, postgresRestarted, redisRestarted } from './cases';
import { type World, startWorld } from './world';

jest.setTimeout(600_000);

const redisDir = freshDir('fault-redis');
const postgresDir = freshDir('fault-postgres');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let world: World;

beforeAll(async () => {
  const port = await freePort();
  postgres = await startPostgres({ dataDir: postgresDir, port });
  const redis = await startRedis({ dir: redisDir, appendonly: true });
  world = await startWorld({ redis, database: { ...postgres, drop: () => postgres.stop() } });
});
afterAll(() => world[Symbol.asyncDispose]());

async function restartPostgres(): Promise<void> {
  const { port } = new URL(postgres.url);
  // What `pg_ctl -m immediate` sends: no farewell, and recovery from the log at the next start.
  process.kill(postgres.pid, 'SIGQUIT');
  await postgres.exited;
  postgres = await startPostgres({ dataDir: postgresDir, port: Number(port) });
}

const all = [...ofBackEnds, redisRestarted(redisDir), postgresRestarted(restartPostgres)];
it.each(all.toSorted((a, b) => a.number - b.number))('$name', ({ run }) => run(world));
