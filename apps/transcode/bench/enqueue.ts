import { newId } from '@kinora/contracts-common';
import { ENCODE_QUEUE } from '@kinora/contracts-transcode';
import { createRedis } from '@kinora/jobs';
import { isBeginning } from '@kinora/media';
import { testRedis } from '@kinora/testing';
import { Queue } from 'bullmq';
import { createEncodeJobs } from '../src/adapters/bullmq/encode-jobs';
import { type InWork } from '../src/domain/encoding';
import { anEncoding } from '../test/support/plans';

interface Options {
  readonly rounds: number;
  /** Graphs in a round. */
  readonly graphs: number;
}

/** A video of one and a half minutes: at first its beginning, sound, poster, storyboard, end, and the scan that adds chunks of 20 s. */
const SECONDS = 90;
const detailed = anEncoding(SECONDS);
const { plan } = detailed.work;
const begun: InWork = {
  ...detailed,
  work: { ...detailed.work, plan: { ...plan, chunks: plan.chunks.filter(isBeginning) } },
};
/** Chunks, sound, and the four others. */
const JOBS = plan.chunks.length + plan.audio.length + 4;

/** CPU seconds of this process. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Adds graphs as transcode does, and as many jobs with the same payloads that know nothing of each other, in turns. */
async function measure({ rounds, graphs }: Options): Promise<unknown[]> {
  const server = await testRedis();
  const connection = createRedis(server.url);
  const jobs = createEncodeJobs(connection);
  const queue = new Queue(ENCODE_QUEUE, { connection });
  const ours = () =>
    cpuOf(async () => {
      for (let n = 0; n < graphs; n++) {
        const ids = { id: newId('enc'), videoId: newId('vid') };
        await jobs.dispatch({ ...begun, ...ids });
        await jobs.addChunks({ ...detailed, ...ids });
      }
    });
  const baseline = () =>
    cpuOf(async () => {
      for (let n = 0; n < graphs; n++) {
        const id = newId('enc');
        const payload = { videoId: newId('vid'), encodingId: id, sourceKey: detailed.sourceKey, fence: detailed.fence };
        await queue.addBulk(
          Array.from({ length: JOBS }, (_, index) => ({
            name: 'encode.chunk.v1',
            data: {
              payload: {
                ...payload,
                plan: { ...plan, chunks: [plan.chunks[index % plan.chunks.length]] },
                chunkIndex: index,
              },
              context: {},
            },
            opts: { jobId: `${id}-${index}`, priority: 10 + index, attempts: 4 },
          })),
        );
      }
    });
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
