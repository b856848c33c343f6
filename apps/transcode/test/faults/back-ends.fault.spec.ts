import { freePort, freshDir, startPostgres, startRedis } from '@kinora/testing';
import { ofBackEnds, postgresRestarted, redisRestarted } from './cases';
import { suiteOf } from './suite';
import { startWorld } from './world';

const redisDir = freshDir('fault-redis');
const postgresDir = freshDir('fault-postgres');
let postgres: Awaited<ReturnType<typeof startPostgres>>;

async function restartPostgres(): Promise<void> {
  const { port } = new URL(postgres.url);
  // What `pg_ctl -m immediate` sends: no farewell, and recovery from the log at the next start.
  process.kill(postgres.pid, 'SIGQUIT');
  await postgres.exited;
  postgres = await startPostgres({ dataDir: postgresDir, port: Number(port) });
}

const all = [...ofBackEnds, redisRestarted(redisDir), postgresRestarted(restartPostgres)];
suiteOf(
  all.toSorted((a, b) => a.number - b.number),
  async () => {
    postgres = await startPostgres({ dataDir: postgresDir, port: await freePort() });
    const redis = await startRedis({ dir: redisDir, appendonly: true });
    return startWorld({ redis, database: { ...postgres, drop: () => postgres.stop() } });
  },
);
