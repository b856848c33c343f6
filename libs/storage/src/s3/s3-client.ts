import { type S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type WritePolicy } from './write-policy';

export interface S3StoreOptions {
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  /** Another endpoint than AWS's, e.g. of versitygw or MinIO. */
  readonly endpoint?: string;
  /** Bucket in the path rather than in the host; most endpoints but AWS need it. */
  readonly forcePathStyle?: boolean;
  /** Takes names that others chose, when reading, deleting and as the source of a copy; our own are safe ASCII (`assertKey`). */
  readonly anyKeys?: boolean;
  /** The SDK's own chain (IRSA, environment, profile) unless given. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What is asked for with every object that is written. */
  readonly policy?: WritePolicy;
  /** Part URLs, which browsers follow, lead to the bucket's Transfer Acceleration endpoint. */
  readonly accelerate?: boolean;
  /** Milliseconds without a byte after which a connection is given up; 30 s unless told. */
  readonly idleTimeoutMs?: number;
  /** Who calls, as access logs show it; the SDK's own `AWS_SDK_UA_APP_ID` unless told. */
  readonly appId?: string;
  /** Objects above this many bytes are copied in parts; S3's limit is 5 GiB. */
  readonly copyInPartsAbove?: number;
  /** Bytes of a part of such a copy; 512 MiB unless told. */
  readonly copyPartSize?: number;
}

/** The SDK, loaded when first used: it is 40 MB of resident memory that a laptop on the disk adapter needn't spend. */
export const loadSdk = () => import('@aws-sdk/client-s3');
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export interface Connected {
  readonly sdk: Sdk;
  readonly client: S3Client;
  /** Signs the URLs that others follow to send parts. */
  readonly signer: S3Client;
}

/** Makes the client at the first call, and once. */
export function connector(options: S3StoreOptions): {
  readonly connect: () => Promise<Connected>;
  readonly close: () => Promise<void>;
} {
  let connected: Promise<Connected> | undefined;
  const make = async (): Promise<Connected> => {
    const sdk = await loadSdk();
    const settings: S3ClientConfig = {
      region: options.region,
      // Presigned parts carry the client's checksum or none; the SDK's own CRC32 would be signed for an empty body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 3_000, socketTimeout: options.idleTimeoutMs ?? 30_000 },
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
      ...(options.forcePathStyle !== undefined && { forcePathStyle: options.forcePathStyle }),
      ...(options.credentials && { credentials: options.credentials }),
      ...(options.appId !== undefined && { userAgentAppId: options.appId }),
    };
    const client = new sdk.S3Client(settings);
    const signer =
      options.accelerate === true ? new sdk.S3Client({ ...settings, useAccelerateEndpoint: true }) : client;
    return { sdk, client, signer };
  };
  return {
    connect: () => (connected ??= make()),
    close: async () => {
      const open = await connected;
      open?.client.destroy();
      open?.signer.destroy();
    },
  };
}
