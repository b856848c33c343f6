import { layout } from '@kinora/delivery';
import { type EdgeCopies } from '../../domain/ports/edge-directory';

export interface DistributionSettings {
  readonly distributionId: string;
  /** Another server that speaks CloudFront's API; absent in AWS. */
  readonly endpoint?: string | undefined;
}

/** Invalidations of a CloudFront distribution. The video's id is the caller's reference, so the same deletion is one invalidation. */
export async function createInvalidations({
  distributionId,
  endpoint,
}: DistributionSettings): Promise<EdgeCopies & { close(): void }> {
  const { CloudFrontClient, CreateInvalidationCommand } = await import('@aws-sdk/client-cloudfront');
  // CloudFront is no region's.
  const client = new CloudFrontClient({ region: 'us-east-1', ...(endpoint !== undefined && { endpoint }) });
  return {
    async forget(videoId) {
      await client.send(
        new CreateInvalidationCommand({
          DistributionId: distributionId,
          InvalidationBatch: {
            CallerReference: `kinora-deleted-${videoId}`,
            Paths: { Quantity: 1, Items: [`/${layout.video(videoId)}*`] },
          },
        }),
      );
    },
    close: () => client.destroy(),
  };
}
