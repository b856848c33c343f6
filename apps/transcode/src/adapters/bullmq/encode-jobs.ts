import {
  BEGINNING_QUEUE,
  ENCODE_QUEUE,
  TRANSCODE_QUEUE,
  encodeAudio,
  encodeBeginning,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
  finishEncoding,
  followMediaConvert,
  scanSource,
  startEncoding,
  sweepMedia,
} from '@kinora/contracts-transcode';
import { createFlows, createProducer, type Redis, removeJob, revokeJob, slotsOf } from '@kinora/jobs';
import { type EncodingPlan, isBeginning } from '@kinora/media';
import { type Job, Queue } from 'bullmq';
import { type Work, isWorking } from '../../domain/encoding';
import { type EncodeJobs, type JobOutcome, type Ref } from '../../domain/ports';
import { type FlowOf, encodingFlow, laterChunkNodes } from './encoding-flow';
import { outcomeOf } from './job-outcome';
import { turnNow } from './priorities';

const ownIdentities = (base: Parameters<typeof encodePoster.identity>[0], plan: EncodingPlan) => ({
  follower: undefined,
  beginning: plan.chunks.some(isBeginning) ? [encodeBeginning.identity(base)] : [],
  chunks: plan.chunks
    .filter((chunk) => !isBeginning(chunk))
    .map(({ index }) => encodeChunk.identity({ ...base, chunkIndex: index })),
  audio: plan.audio.map((_, audioIndex) => encodeAudio.identity({ ...base, audioIndex })),
});

/** What identities are made of, and what stands for the rest of a payload. */
const identifying = (encodingId: string, fence: number) => ({
  encodingId,
  fence,
  videoId: '',
  sourceKey: '',
  plan: {},
});

/** The identities of the jobs that an encoding of this work and fence has. */
function identities(id: string, fence: number, { plan, engine }: Work) {
  const base = identifying(id, fence);
  return {
    finish: finishEncoding.identity(base),
    storyboard: encodeStoryboard.identity(base),
    poster: encodePoster.identity(base),
    scan: scanSource.identity(base),
    ...(engine.name === 'mediaconvert'
      ? { follower: followMediaConvert.identity(base), beginning: [], chunks: [], audio: [] }
      : ownIdentities(base, plan)),
  };
}

const followerOf = ({ id, videoId }: Ref, fence: number): string =>
  followMediaConvert.identity({ encodingId: id, videoId, fence });

/** So many questions are put to Redis at a time. */
const AT_ONCE = 50;
async function inTurns<T>(ids: readonly string[], ask: (id: string) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let n = 0; n < ids.length; n += AT_ONCE)
    answers.push(...(await Promise.all(ids.slice(n, n + AT_ONCE).map(ask))));
  return answers;
}

/** BullMQ behind the domain's port. */
export function createEncodeJobs(connection: Redis): EncodeJobs & { close(): Promise<void> } {
  const encode = new Queue(ENCODE_QUEUE, { connection });
  const beginnings = new Queue(BEGINNING_QUEUE, { connection });
  const own = new Queue(TRANSCODE_QUEUE, { connection });
  const flows = createFlows(connection);
  const starts = createProducer(startEncoding, connection);
  const finishes = createProducer(finishEncoding, connection);
  const sweeps = createProducer(sweepMedia, connection);
  const ask = (id: string): Promise<JobOutcome> => outcomeOf(encode, id);
  const forget = async (id: string) => void (await removeJob(own, id));

  return {
    async start({ id, videoId }, anew = false) {
      const data = { encodingId: id, videoId };
      if (anew) await forget(startEncoding.identity(data));
      await starts.enqueue(data);
    },
    startOutcome: (id) => outcomeOf(own, startEncoding.identity({ encodingId: id, videoId: '' })),
    async dispatch({ id, videoId, sourceKey, fence, work }) {
      const flow: FlowOf = { id, videoId, sourceKey, fence, plan: work.plan, engine: work.engine.name };
      await flows.add(encodingFlow(flow, await turnNow(connection, encode, work.plan.chunks)));
    },
    async addChunks({ id, videoId, sourceKey, fence, work }) {
      const flow: FlowOf = { id, videoId, sourceKey, fence, plan: work.plan, engine: work.engine.name };
      const parent = { queue: ENCODE_QUEUE, id: encodeStoryboard.identity(identifying(id, fence)) };
      await flows.addChildren(parent, laterChunkNodes(flow, await turnNow(connection, encode, work.plan.chunks)));
    },
    slots: () => slotsOf(encode),
    finishOutcome: ({ id, videoId }, fence) =>
      outcomeOf(own, finishEncoding.identity({ encodingId: id, videoId, fence })),
    async finishAnew({ id, videoId }, fence) {
      const data = { encodingId: id, videoId, fence };
      await forget(finishEncoding.identity(data));
      await finishes.enqueue(data);
    },
    async outcomes(encoding) {
      const ids = identities(encoding.id, encoding.fence, encoding.work);
      const scan = await outcomeOf(own, ids.scan);
      const chunks =
        ids.follower === undefined
          ? [
              ...(await inTurns(ids.beginning, (id) => outcomeOf(beginnings, id))),
              ...(await inTurns(ids.chunks, ask)),
              ...(scan.state === 'absent' ? [] : [scan]),
            ]
          : [await outcomeOf(own, ids.follower)];
      const audio = await inTurns(ids.audio, ask);
      return { chunks, audio, poster: await ask(ids.poster), storyboard: await ask(ids.storyboard) };
    },
    async remove(encoding, fence) {
      await forget(startEncoding.identity({ encodingId: encoding.id, videoId: encoding.videoId }));
      const work = isWorking(encoding) || 'work' in encoding ? encoding.work : undefined;
      if (!work) return;
      const ids = identities(encoding.id, fence, work);
      // Parents first: a parent that loses its last child would run.
      await forget(ids.finish);
      await revokeJob(connection, encode, ids.storyboard);
      await forget(ids.scan);
      if (ids.follower !== undefined) await forget(ids.follower);
      await inTurns(ids.beginning, (id) => revokeJob(connection, beginnings, id));
      await inTurns([...ids.chunks, ...ids.audio, ids.poster], (id) => revokeJob(connection, encode, id));
    },
    async sweep(prefix, videoId, round, delayMs) {
      const data = { prefix, videoId, round };
      const id = sweepMedia.identity(data);
      // Postgres says that this round is due: one that ended was of an earlier time, or failed.
      if (['failed', 'completed'].includes((await outcomeOf(own, id)).state)) await forget(id);
      await sweeps.enqueue(data, delayMs > 0 ? { delayMs } : {});
    },
    async wakeFollower(ref, fence) {
      const job = (await own.getJob(followerOf(ref, fence))) as Job | undefined;
      const state = await job?.getState();
      if (state === 'active') return 'busy';
      if (!job || state !== 'delayed') return 'absent';
      // Taken up by itself meanwhile, then: it looks with its own eyes.
      return job.promote().then(
        () => 'woken' as const,
        () => 'busy' as const,
      );
    },
    async putOffFollower(ref, fence, delayMs) {
      const job = (await own.getJob(followerOf(ref, fence))) as Job | undefined;
      if ((await job?.getState()) === 'delayed') await job?.changeDelay(delayMs).catch(() => undefined);
    },
    async waiting() {
      const { waiting = 0, prioritized = 0 } = await encode.getJobCounts('waiting', 'prioritized');
      const [next] = (await encode.getJobs(['waiting', 'prioritized'], 0, 0, true)) as (Job | undefined)[];
      const waitedSeconds = next ? Math.max(0, Date.now() - next.timestamp) / 1_000 : 0;
      return { waiting: waiting + prioritized, waitedSeconds };
    },
    async close() {
      await Promise.all([starts, finishes, sweeps, flows, beginnings, encode, own].map((one) => one.close()));
    },
  };
}
