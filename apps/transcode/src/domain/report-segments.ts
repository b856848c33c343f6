import { DomainError, notFound } from '@kinora/contracts-common';
import { type Landings, type ManifestRequests, type ProgressSignals, type Report } from './ports';

/** An encoder tells what has landed. Refused when a newer attempt, a cancellation or a deletion has taken over. */
export const reportSegments =
  (deps: { landings: Landings; signals: ProgressSignals; manifests: ManifestRequests }) =>
  async (encodingId: string, report: Report): Promise<void> => {
    const recorded = await deps.landings.record(encodingId, report);
    if (recorded.outcome === 'unknown') throw notFound('encoding.not_found', 'There is no such encoding.');
    if (recorded.outcome === 'fenced')
      throw new DomainError('conflict', 'encoding.fenced', 'This work is no longer wanted.');
    const { videoId, progress, secondsLeft, playable } = recorded;
    deps.signals.progressed({ id: encodingId, videoId }, progress, secondsLeft);
    if (recorded.grown) deps.manifests.request(encodingId, !playable);
  };
