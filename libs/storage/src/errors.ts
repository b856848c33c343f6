import { DomainError, type ErrorKind } from '@kinora/contracts-common';

export type StoreErrorCode =
  | 'store.not_found'
  | 'store.part_missing'
  | 'store.part_mismatch'
  | 'store.part_too_small'
  | 'store.checksum_mismatch'
  | 'store.size_mismatch'
  | 'store.precondition_failed'
  | 'store.range_not_satisfiable'
  | 'store.invalid_key'
  | 'store.unavailable';

/** Base of all errors that a store throws. The message may be shown to a person; `detail` is for logs. */
export abstract class StoreError extends DomainError {
  declare readonly code: StoreErrorCode;
  protected constructor(
    kind: ErrorKind,
    code: StoreErrorCode,
    sentence: string,
    readonly detail: string,
    cause?: unknown,
  ) {
    super(kind, code, sentence, cause === undefined ? {} : { cause });
    this.name = new.target.name;
  }
}

/** No such object, or no such multipart (any more). */
export class ObjectNotFound extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('not_found', 'store.not_found', 'This object or upload does not exist.', detail, cause);
  }
}

/** A completion names a part that never arrived. */
export class PartMissing extends StoreError {
  constructor(readonly partNumbers: readonly number[]) {
    super(
      'invalid',
      'store.part_missing',
      'Parts of the upload are missing.',
      `parts ${partNumbers.join(', ')} are missing`,
    );
  }
}

/** A completion names other bytes than those stored, or a part number twice. */
export class PartMismatch extends StoreError {
  /** @param partNumbers empty if the back end doesn't say which */
  constructor(
    readonly partNumbers: readonly number[],
    cause?: unknown,
  ) {
    super(
      'invalid',
      'store.part_mismatch',
      'Parts of the upload differ from what was stored.',
      `parts ${partNumbers.join(', ')} differ`,
      cause,
    );
  }
}

/** A part that is not the last is under the minimum of 5 MiB. */
export class PartTooSmall extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('invalid', 'store.part_too_small', 'A part other than the last is too small.', detail, cause);
  }
}

export class ChecksumMismatch extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super(
      'invalid',
      'store.checksum_mismatch',
      'The bytes that arrived do not have the announced checksum.',
      detail,
      cause,
    );
  }
}

/** Other than the announced number of bytes arrived. */
export class SizeMismatch extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('invalid', 'store.size_mismatch', 'Another number of bytes than announced arrived.', detail, cause);
  }
}

/** `ifNoneMatch: '*'` and the object is there. */
export class PreconditionFailed extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('conflict', 'store.precondition_failed', 'The object exists already.', detail, cause);
  }
}

export class RangeNotSatisfiable extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('invalid', 'store.range_not_satisfiable', 'The range lies beyond the object.', detail, cause);
  }
}

/** The key can't be one of ours: traversal, absolute, control characters, too long, or under another object. */
export class InvalidKey extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('invalid', 'store.invalid_key', 'This is not the name of an object.', detail, cause);
  }
}

/** The back end doesn't answer, or answers with an error of its own. Worth a retry. */
export class StoreUnavailable extends StoreError {
  constructor(detail: string, cause?: unknown) {
    super('unavailable', 'store.unavailable', 'The object store is not available. Try again shortly.', detail, cause);
  }
}
