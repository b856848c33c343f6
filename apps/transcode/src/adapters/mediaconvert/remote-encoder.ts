import { mediaConvertSettings, mediaConvertState } from '@kinora/media';
import { type RemoteEncoder, type RemoteJob, type RemoteOrder } from '../../domain/ports';
import { type SdkJob, connector, isFinal } from './sdk';

export interface MediaConvertOptions {
  readonly region: string;
  /** Another endpoint than AWS's. */
  readonly endpoint?: string | undefined;
  /** What the service may do in our buckets. */
  readonly roleArn: string;
  /** The account's default queue unless given. */
  readonly queueArn?: string | undefined;
  readonly buckets: { readonly raw: string; readonly distribution: string };
}

const toJob = (job: SdkJob): RemoteJob => ({
  id: job.Id ?? '',
  state: mediaConvertState(job.Status),
  ...(job.JobPercentComplete !== undefined && { share: job.JobPercentComplete / 100 }),
  ...(job.ErrorCode !== undefined && { errorCode: job.ErrorCode }),
  ...(job.ErrorMessage !== undefined && { errorMessage: job.ErrorMessage }),
});

/** AWS Elemental MediaConvert behind the domain's port: CreateJob, GetJob, CancelJob. The SDK is loaded at the first call. */
export function createMediaConvert(options: MediaConvertOptions): RemoteEncoder & { close(): Promise<void> } {
  const { connect, close } = connector(options);
  const { buckets, roleArn, queueArn } = options;

  const request = ({ id, videoId, fence, plan, sourceKey, folder, accelerated }: RemoteOrder) => ({
    // The same for whoever asks again: two requests within a minute are one job.
    ClientRequestToken: `${id}-${fence}`,
    Role: roleArn,
    ...(queueArn !== undefined && { Queue: queueArn }),
    Settings: mediaConvertSettings(plan, {
      input: `s3://${buckets.raw}/${sourceKey}`,
      folder: `s3://${buckets.distribution}/${folder}`,
    }),
    AccelerationSettings: { Mode: accelerated ? ('PREFERRED' as const) : ('DISABLED' as const) },
    StatusUpdateInterval: 'SECONDS_20' as const,
    UserMetadata: { videoId, encodingId: id, fence: String(fence) },
    Tags: { 'kinora:service': 'transcode', 'kinora:video': videoId },
  });

  return {
    close,
    async order(order) {
      const { sdk, client } = await connect();
      try {
        const { Job } = await client.send(new sdk.CreateJobCommand(request(order)));
        if (Job?.Id === undefined) throw new Error('CreateJob answered without a job');
        return toJob(Job);
      } catch (error) {
        if (isFinal(error)) return { refused: `${error.name}: ${error.message}` };
        throw error;
      }
    },
    async find(jobId) {
      const { sdk, client } = await connect();
      try {
        const { Job } = await client.send(new sdk.GetJobCommand({ Id: jobId }));
        return Job && toJob(Job);
      } catch (error) {
        if (error instanceof sdk.NotFoundException) return undefined;
        throw error;
      }
    },
    async cancel(jobId) {
      const { sdk, client } = await connect();
      try {
        await client.send(new sdk.CancelJobCommand({ Id: jobId }));
      } catch (error) {
        // ConflictException, NotFoundException: there is nothing left to cancel.
        if (!isFinal(error)) throw error;
      }
    },
  };
}

/** Where no MediaConvert is configured: nothing was ever ordered, so nothing is to be cancelled. */
export const noMediaConvert: RemoteEncoder = {
  order: () => Promise.resolve({ refused: 'MediaConvert is not configured' }),
  find: () => Promise.reject(new Error('MediaConvert is not configured')),
  cancel: () => Promise.reject(new Error('MediaConvert is not configured')),
};
