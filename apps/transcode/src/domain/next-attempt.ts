import { newId, notFound } from '@kinora/contracts-common';
import { type Encoding, type Origin } from './encoding';
import { type Clock, type EncodeJobs, type Encodings } from './ports';

export interface AttemptDeps {
  readonly encodings: Pick<Encodings, 'add'>;
  readonly jobs: Pick<EncodeJobs, 'start'>;
  readonly now: Clock;
  readonly background: (name: string, work: () => Promise<unknown>) => void;
}

/** Begins another encoding of the same source: keys of media are never written twice with other bytes. Of two who ask at once, both get the one that was added. */
export async function nextAttempt(
  deps: AttemptDeps,
  { videoId, uploadId, attempt, ownerId, sourceKey }: Origin,
): Promise<Encoding> {
  const added = await deps.encodings.add({
    ...{ id: newId('enc'), videoId, uploadId, attempt: attempt + 1, ownerId, sourceKey },
    createdAt: deps.now(),
  });
  if (!added) throw notFound('video.not_found', 'There is no such video.');
  deps.background('start', () => deps.jobs.start(added));
  return added;
}
