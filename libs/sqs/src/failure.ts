/** What a handler throws for a message that no further attempt can mend: bad input, not bad luck. */
export class UnprocessableMessage extends Error {
  override name = 'UnprocessableMessage';
  constructor(
    readonly code: string,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(`[${code}] ${sentence}`, options);
  }
}

/** By name as well: use cases that jobs share throw the class of `@kinora/jobs`, which would bring BullMQ along. */
export const isPermanent = (error: unknown): boolean =>
  error instanceof UnprocessableMessage || (error instanceof Error && error.name === 'PermanentFailure');
