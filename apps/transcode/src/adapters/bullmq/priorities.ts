import { type Redis } from '@kinora/jobs';
import { type ChunkPlan, isBeginning } from '@kinora/media';
import { type Queue } from 'bullmq';

/** Lower goes first, over all videos: what may keep one from being playable before what merely continues another. Beginnings have a queue of their own. */
export const PRIORITY = { sound: 2, poster: 3, otherSound: 4, storyboard: 5 } as const;
/** Of the first chunk in a queue that is empty. */
const LATER = 10;
/** BullMQ's largest priority is 2^21; beyond this, chunks go in the order in which they were added. */
const DEEPEST = 2_000_000;

/** BullMQ orders by the priority times this, plus a count. */
const STEP = 2 ** 32;

/**
 * The turn that waiting chunks have come to: the priority of the next of them, or the beginning of time if none waits. Turns are
 * shared by all videos like a clock, so that a long video and those that come after it advance side by side: a newcomer's
 * chunks fall in beside the ones that are next, neither behind all of a film of ten hours nor all before it. What begins a video
 * waits for no turn, so Redis is not asked when there is nothing else.
 */
export async function turnNow(redis: Redis, queue: Queue, chunks: readonly ChunkPlan[]): Promise<number> {
  if (chunks.every(isBeginning)) return LATER;
  const [, score] = await redis.zrangebyscore(
    queue.toKey('prioritized'),
    LATER * STEP,
    '+inf',
    'WITHSCORES',
    'LIMIT',
    0,
    1,
  );
  return score === undefined ? LATER : Math.floor(Number(score) / STEP);
}

/** Of the `n`-th chunk of a video that is added at this turn. */
export const chunkPriority = (n: number, turn: number): number => Math.min(Math.max(LATER, turn) + n, DEEPEST);
