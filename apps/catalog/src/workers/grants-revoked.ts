import { grantsRevoked } from '@kinora/contracts-catalog';
import { type EventHandler, on } from '@kinora/jobs';
import { revocationEntries } from '../domain/playback/directory';
import { type EdgeDirectory } from '../domain/ports/edge-directory';
import { type GrantStore } from '../domain/ports/grant-store';

/** Writes what holds by now, whatever the order in which the events arrive. */
export const onGrantsRevoked = (grants: Pick<GrantStore, 'revocationsOf'>, directory: EdgeDirectory): EventHandler =>
  on(grantsRevoked, ({ videoId, grantId }) =>
    directory.put(async () => revocationEntries(await grants.revocationsOf(videoId, grantId))),
  );
