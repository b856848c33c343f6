import {
  finishEncoding as finishJob,
  followMediaConvert as followJob,
  scanSource as scanJob,
  startEncoding as startJob,
  sweepMedia as sweepJob,
} from '@kinora/contracts-transcode';
import { type JobHandler, PermanentFailure, handle } from '@kinora/jobs';
import { type finishEncoding } from '../domain/finish-encoding';
import { type followRemote } from '../domain/follow-remote';
import { type planRest } from '../domain/plan-rest';
import { type startEncoding } from '../domain/start-encoding';
import { type sweepMedia } from '../domain/sweep-media';

/** The queue `transcode`: both ends of an encoding, and what is left when it is gone. */
export const jobHandlers = (useCases: {
  start: ReturnType<typeof startEncoding>;
  planRest: ReturnType<typeof planRest>;
  finish: ReturnType<typeof finishEncoding>;
  sweep: ReturnType<typeof sweepMedia>;
  follow: ReturnType<typeof followRemote>;
  /** Between two looks at a remote job of which nothing is heard. */
  pollMs: number;
}): JobHandler[] => [
  handle(startJob, async ({ encodingId }, { signal }) => ({ accepted: await useCases.start(encodingId, signal) })),
  handle(scanJob, async ({ encodingId, fence }, { signal }) => ({
    chunks: await useCases.planRest(encodingId, fence, signal),
  })),
  handle(
    finishJob,
    async ({ encodingId, fence }, context) => ({
      state: await useCases.finish(encodingId, fence, () => context.awaitChildren()),
    }),
    { evenIfChildrenFailed: true },
  ),
  handle(followJob, async ({ encodingId, fence }, context) => {
    const followed = await useCases.follow(encodingId, fence, context.signal);
    if (followed.state === 'at work') return context.postpone(useCases.pollMs);
    if (followed.state === 'failed') throw new PermanentFailure(followed.failure.code, followed.failure.message);
    // What landed is on record.
    return { tracks: [] };
  }),
  handle(sweepJob, async ({ prefix, round }) => ({ removed: await useCases.sweep(prefix, round) })),
];
