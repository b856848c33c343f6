import {
  finishEncoding as finishJob,
  startEncoding as startJob,
  sweepMedia as sweepJob,
} from '@kinora/contracts-transcode';
import { type JobHandler, handle } from '@kinora/jobs';
import { type finishEncoding } from '../domain/finish-encoding';
import { type startEncoding } from '../domain/start-encoding';
import { type sweepMedia } from '../domain/sweep-media';

/** The queue `transcode`: both ends of an encoding, and what is left when it is gone. */
export const jobHandlers = (useCases: {
  start: ReturnType<typeof startEncoding>;
  finish: ReturnType<typeof finishEncoding>;
  sweep: ReturnType<typeof sweepMedia>;
}): JobHandler[] => [
  handle(startJob, async ({ encodingId }, { signal }) => ({ accepted: await useCases.start(encodingId, signal) })),
  handle(
    finishJob,
    async ({ encodingId, fence }, context) => ({
      state: await useCases.finish(encodingId, fence, () => context.awaitChildren()),
    }),
    { evenIfChildrenFailed: true },
  ),
  handle(sweepJob, async ({ prefix, round }) => ({ removed: await useCases.sweep(prefix, round) })),
];
