import { type Job, type MediaConvertClient } from '@aws-sdk/client-mediaconvert';

export type SdkJob = Partial<Job>;

/** The SDK, loaded when first used: a laptop never needs it. */
const load = () => import('@aws-sdk/client-mediaconvert');

interface Connected {
  readonly sdk: Awaited<ReturnType<typeof load>>;
  readonly client: MediaConvertClient;
}

/** Tries of one call: TooManyRequestsException and faults of the service are asked again after growing pauses with jitter. */
const ATTEMPTS = 8;

export function connector({ region, endpoint }: { region: string; endpoint?: string | undefined }): {
  readonly connect: () => Promise<Connected>;
  readonly close: () => Promise<void>;
} {
  let connected: Promise<Connected> | undefined;
  const make = async (): Promise<Connected> => {
    const sdk = await load();
    const client = new sdk.MediaConvertClient({
      region,
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 },
      ...(endpoint !== undefined && { endpoint }),
    });
    return { sdk, client };
  };
  return {
    connect: () => (connected ??= make()),
    close: async () => (await connected)?.client.destroy(),
  };
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

/** Whether asking once more would be answered alike: BadRequestException, NotFoundException, ConflictException. */
export const isFinal = (error: unknown): error is Error =>
  error instanceof Error && [400, 404, 409].includes(statusOf(error) ?? 0);
