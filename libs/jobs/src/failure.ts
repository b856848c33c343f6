import { UnrecoverableError } from 'bullmq';

/** A failure that no further attempt can mend: bad input, not bad luck. Its code and sentence travel to the parent job. */
export class PermanentFailure extends UnrecoverableError {
  override name = 'PermanentFailure';
  constructor(
    readonly code: string,
    readonly sentence: string,
  ) {
    super(`[${code}] ${sentence}`);
  }
}

/** The code and sentence in the text that BullMQ keeps of a failure. */
export function parseFailure(reason: string): { code: string; message: string } | undefined {
  const match = /^\[([a-z0-9_.]+)\] ([\s\S]+)$/.exec(reason);
  return match?.[1] !== undefined && match[2] !== undefined ? { code: match[1], message: match[2] } : undefined;
}
