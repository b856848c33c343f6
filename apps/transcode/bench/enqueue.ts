import { newId } from '@kinora/contracts-common';
import { ENCODE_QUEUE } from '@kinora/contracts-transcode';
import { type Redis, createRedis } from '@kinora/jobs';
import { isBeginning } from '@kinora/media';
import { testRedis } from '@kinora/testing';
import { type FlowJob, Queue } from 'bullmq';
import { createEncodeJobs } from '../src/adapters/bullmq/encode-jobs';
import { encodingFlow, laterChunkNodes } from '../src/adapters/bullmq/encoding-flow';
import { type InWork } from '../src/domain/encoding';
import { anEncoding } from '../test/support/plans';

interface Options {
  readonly rounds: number;
  /** Graphs in a round. */
  readonly graphs: number;
}

/** A video of one and a half minutes: at first its beginning, sound, poster, storyboard, end, and the scan that adds chunks of 20 s. */
const detailed = anEncoding(90);
const { plan, engine } = detailed.work;
const begun: InWork = {
  ...detailed,
  work: { ...detailed.work, plan: { ...plan, chunks: plan.chunks.filter(isBeginning) } },
};

type LooseJob = Parameters<Queue['addBulk']>[0][number];

/** The same jobs with the same payloads and options, but for what ties them together. */
function looseJobs(ids: { id: string; videoId: string }): LooseJob[] {
  const flow = { ...ids, sourceKey: detailed.sourceKey, fence: detailed.fence, engine: engine.name };
  const jobs = [encodingFlow({ ...flow, plan: begun.work.plan }, 0), ...laterChunkNodes({ ...flow, plan }, 0)];
  const flat = ({ name, data, opts = {}, children = [] }: FlowJob): LooseJob[] => {
    const { continueParentOnFailure: _told, ignoreDependencyOnFailure: _ignored, ...rest } = opts;
    return [{ name, data: data as unknown, opts: rest }, ...children.flatMap(flat)];
  };
  return jobs.flatMap(({ job }) => flat(job));
}

/** CPU seconds of who adds jobs, and of the queue's server, which does half of the work. */
interface Spent {
  readonly adder: number;
  readonly server: number;
}

/** CPU seconds that the server has spent so far (INFO, section `cpu`). */
async function spentBy(server: Redis): Promise<number> {
  const info = await server.info('cpu');
  const seconds = ['sys', 'user'].map((kind) => Number(new RegExp(`^used_cpu_${kind}:(.*)$`, 'm').exec(info)?.[1]));
  return seconds.reduce((sum, one) => sum + one, 0);
}

async function cpuOf(server: Redis, work: () => Promise<void>): Promise<Spent> {
  const [before, beforeServer] = [process.cpuUsage(), await spentBy(server)];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { adder: (user + system) / 1e6, server: (await spentBy(server)) - beforeServer };
}

/** Adds graphs as transcode does, and as many of the same that know nothing of each other, in turns. */
async function measure({ rounds, graphs }: Options): Promise<Record<'baseline' | 'ours' | 'again', Spent>[]> {
  const server = await testRedis();
  const connection = createRedis(server.url);
  const jobs = createEncodeJobs(connection);
  const queue = new Queue(ENCODE_QUEUE, { connection });
  const newIds = () => Array.from({ length: graphs }, () => ({ id: newId('enc'), videoId: newId('vid') }));
  const ours = () => {
    const encodings = newIds();
    return cpuOf(connection, async () => {
      for (const ids of encodings) {
        await jobs.dispatch({ ...begun, ...ids });
        await jobs.addChunks({ ...detailed, ...ids });
      }
    });
  };
  const baseline = () => {
    const encodings = newIds().map(looseJobs);
    return cpuOf(connection, async () => {
      for (const loose of encodings) await queue.addBulk(loose);
    });
  };
  try {
    // Compiled first.
    await ours();
    await baseline();
    const found = [];
    for (let n = 0; n < rounds; n++) {
      await queue.obliterate({ force: true });
      found.push({ baseline: await baseline(), ours: await ours(), again: await baseline() });
    }
    return found;
  } finally {
    await queue.close();
    await jobs.close();
    connection.disconnect();
    await server.stop();
  }
}

void measure(JSON.parse(process.argv[2] ?? '{}') as Options).then((rounds) =>
  process.stdout.write(JSON.stringify(rounds)),
);
