import { type Outbox } from '@kinora/database';
import { type GrantKeys, rotated, type SigningKey } from '@kinora/delivery';
import { type EventHandler } from '@kinora/jobs';
import { type Base, type Reread, startRereading } from '@kinora/service';
import { createInvalidations } from './adapters/cloudfront/invalidations';
import { createKeyValueStore } from './adapters/cloudfront/key-value-store';
import { type RevocationFeed, toCloudFront, toNobody } from './adapters/postgres/revocation-feed';
import { type CatalogConfig } from './config';
import { keyEntries, revocationEntries } from './domain/playback/directory';
import { type GrantStore } from './domain/ports/grant-store';
import { onGrantsRevoked } from './workers/grants-revoked';
import { onVideoDeleted } from './workers/video-deleted';

/** How often the whole of CloudFront's store is compared with the database, and what has ended is taken out. */
const TIDY_MS = 3_600_000;

/** The keys that sign, as they are at the moment. */
export function currentKeys(first: { GRANT_KEYS: GrantKeys; signingKey: SigningKey }) {
  let grantKeys = first.GRANT_KEYS;
  let cloudFront = first.signingKey;
  return {
    grantKeys: {
      get signing() {
        return grantKeys.signing;
      },
      get all() {
        return grantKeys.all;
      },
    },
    signingKey: {
      get keyId() {
        return cloudFront.keyId;
      },
      get privateKey() {
        return cloudFront.privateKey;
      },
      get hash() {
        return cloudFront.hash;
      },
    },
    take(read: { GRANT_KEYS: GrantKeys; signingKey: SigningKey }) {
      grantKeys = rotated(grantKeys, read.GRANT_KEYS);
      cloudFront = read.signingKey;
    },
  };
}
export type CurrentKeys = ReturnType<typeof currentKeys>;

/** Whether anybody must be told of revocations as they are made. */
export const revocationFeed = (config: CatalogConfig, outbox: Outbox): RevocationFeed =>
  config.CLOUDFRONT_KVS_ARN === undefined ? toNobody : toCloudFront(outbox);

/** What of CloudFront there is, each by its setting, and the reading again of keys that are rotated. */
export async function composeDelivery(
  { lifecycle, logger }: Base,
  config: CatalogConfig,
  { grants, keys, reread }: { grants: GrantStore; keys: CurrentKeys; reread: Reread<CatalogConfig> | undefined },
): Promise<{ events: readonly EventHandler[]; start(): void }> {
  const { CLOUDFRONT_KVS_ARN: arn, CLOUDFRONT_DISTRIBUTION_ID: distributionId } = config;
  const directory =
    arn === undefined ? undefined : await createKeyValueStore({ arn, endpoint: config.CLOUDFRONT_KVS_ENDPOINT });
  const copies =
    distributionId === undefined
      ? undefined
      : await createInvalidations({ distributionId, endpoint: config.CLOUDFRONT_ENDPOINT });
  lifecycle.onStop('connections', 'CloudFront', () => {
    directory?.close();
    copies?.close();
  });

  const publish = (grantKeys: GrantKeys) =>
    directory?.replace(
      async () =>
        new Map([
          ...keyEntries(grantKeys, config.ownOrigins),
          ...revocationEntries(await grants.revocations(undefined)),
        ]),
    );
  const tidy = () =>
    void publish(keys.grantKeys)?.catch((err: unknown) =>
      logger.warn({ err }, 'CloudFront’s store could not be brought up to date; next try in an hour'),
    );

  return {
    events: [...(directory ? [onGrantsRevoked(grants, directory)] : []), ...(copies ? [onVideoDeleted(copies)] : [])],
    start() {
      tidy();
      const timer = setInterval(tidy, TIDY_MS).unref();
      lifecycle.onStop('workers', 'CloudFront', () => clearInterval(timer));
      if (!reread) return;
      const reading = startRereading(reread, config.SECRETS_REFRESH_SECONDS, logger, async (read) => {
        // CloudFront knows a key before anything is signed by it.
        await publish(read.GRANT_KEYS);
        keys.take(read);
      });
      lifecycle.onStop('workers', 'secrets', () => reading.close());
    },
  };
}
