import { DomainError } from '@kinora/contracts-common';
import { type CompleteUpload } from '../complete-upload';
import { type Arrival, type Outcome, ignored, refused } from './arrival';
import { type WatchFolder } from './watch-folder';

export interface ArrivalParts {
  /** The bucket of the staging store. */
  readonly bucket: string;
  readonly completion: Pick<CompleteUpload, 'completeJoined'>;
  /** Undefined: no folder is watched. */
  readonly watch: { readonly prefix: string; readonly folder: WatchFolder } | undefined;
}

const OURS = /^uploads\/(upl_[0-9A-Z]{26})\/source$/;
const SIDECAR = '.json';

/** Bad luck is worth another try; whatever else a use case says stays so. */
const isFinal = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.kind !== 'unavailable' && error.kind !== 'rate_limited';

export type TakeArrival = ReturnType<typeof createTakeArrival>;

/**
 * Does what the arrival of an object asks for, if anything. Repeating it, at once or in any order, changes nothing.
 * @throws what may be better next time
 */
export const createTakeArrival =
  ({ bucket, completion, watch }: ArrivalParts) =>
  async (arrival: Arrival): Promise<Outcome> => {
    if (arrival.bucket !== bucket) return ignored('arrival.other_bucket');
    try {
      const uploadId = OURS.exec(arrival.key)?.[1];
      if (uploadId !== undefined)
        return (await completion.completeJoined(uploadId))
          ? { result: 'taken', uploadId }
          : ignored('arrival.not_there');
      if (!watch || !arrival.key.startsWith(watch.prefix) || arrival.key.endsWith('/'))
        return ignored('arrival.not_watched');
      return arrival.key.endsWith(SIDECAR)
        ? await watch.folder.takeSidecar(arrival.key.slice(0, -SIDECAR.length))
        : await watch.folder.takeMedia(arrival);
    } catch (error) {
      if (isFinal(error)) return refused(error.code);
      throw error;
    }
  };
