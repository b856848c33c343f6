/** Bounds of the growing pause after which a failed message is delivered again. */
export interface RetrySeconds {
  readonly first: number;
  readonly longest: number;
}

/** Between half of `most` and all of it, so that what failed together does not come back together. */
const jittered = (most: number, random: () => number): number => most * (0.5 + random() / 2);

/** Whole seconds, as SQS wants them, until a message that was received so often and failed is delivered again. */
export const redeliverySeconds = (receiveCount: number, retry: RetrySeconds, random = Math.random): number =>
  Math.round(jittered(Math.min(retry.first * 2 ** Math.max(0, receiveCount - 1), retry.longest), random));

/** Milliseconds until a queue that did not answer `failures` times in a row is asked again. */
export const pollPauseMs = (failures: number, random = Math.random): number =>
  jittered(Math.min(250 * 2 ** failures, 30_000), random);
