/** A server that stands in for an AWS service, and credentials that it takes. */
export interface AwsBackend {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The servers that `npm run test:backends` starts. */
export interface Backends {
  /** versitygw; path-style addresses. */
  readonly s3: AwsBackend;
  /** ministack: SQS, SNS, EventBridge, S3 with events, CloudFront and KMS control planes, Secrets Manager, Cognito. */
  readonly aws: AwsBackend;
  /** Amazon's DynamoDB Local. */
  readonly dynamodb: AwsBackend;
  /** OpenSearch 2.19. */
  readonly opensearch: { readonly url: string };
  /** cognito-local. */
  readonly cognito: { readonly endpoint: string };
  /** Debian's PostgreSQL; the URL is of a superuser. */
  readonly postgres: { readonly url: string };
  /** Kinora's own stand-in for MediaConvert. */
  readonly mediaconvert: { readonly endpoint: string };
}

/** The name under which tests make and look at things: its calls need no permission of a service (see docs/aws.md). */
export const SET_UP = 'set-up';

/** Settings for a client of the AWS SDK with which a test prepares what its subject finds: buckets, queues, tables, events. */
export const asSetUp = ({ endpoint, region, accessKeyId, secretAccessKey }: AwsBackend) => ({
  endpoint,
  region,
  credentials: { accessKeyId, secretAccessKey },
  userAgentAppId: SET_UP,
});

/**
 * Credentials where the SDK's default chain looks first, for servers that take any: those of this process, or made up for it and for what it
 * starts.
 */
export function provideCredentials(): { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string } {
  return {
    AWS_ACCESS_KEY_ID: (process.env['AWS_ACCESS_KEY_ID'] ??= 'local'),
    AWS_SECRET_ACCESS_KEY: (process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local'),
  };
}

/** The running server of that name. @throws when the suite was not started by `npm run test:backends`. */
export function backend<Name extends keyof Backends>(name: Name): Backends[Name] {
  const running = JSON.parse(process.env['KINORA_BACKENDS'] ?? '{}') as Partial<Backends>;
  const found = running[name];
  if (!found) throw new Error(`The server "${name}" is not running; start this suite with: npm run test:backends`);
  return found;
}
