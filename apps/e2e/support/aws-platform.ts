import { mediaConvert } from '@kinora/backends';
import { type Platform, type ServiceName, SERVICES, startPlatform } from '@kinora/local';
import {
  backend,
  freshDir,
  testBuckets,
  type TestBuckets,
  testDatabase,
  type TestDistribution,
  testDistribution,
  testSecret,
} from '@kinora/testing';
import { randomBytes } from 'node:crypto';
import { type AwsMessaging, setUpMessaging } from './aws-messaging';

/** Where the watch folder of the staging bucket is. */
export const WATCH_PREFIX = 'watch/';

export interface AwsPlatform extends AsyncDisposable {
  readonly kinora: Platform;
  readonly buckets: TestBuckets;
  readonly messaging: AwsMessaging;
  readonly distribution: TestDistribution;
}

/**
 * The platform with every adapter in its AWS mode: S3 with its events, SQS, EventBridge, MediaConvert, DynamoDB, OpenSearch, RDS's
 * PostgreSQL, Secrets Manager and CloudFront's control plane are the servers that `npm run test:backends` started; Cognito and Redis are what they are on a laptop.
 */
export async function startAwsPlatform(): Promise<AwsPlatform> {
  const aws = backend('aws');
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const buckets = await testBuckets(aws);
  const messaging = await setUpMessaging(aws, buckets.staging);
  const distribution = await testDistribution(aws);
  stack.defer(() => distribution.close());
  const SESSION_TOKEN_KEY = await testSecret(aws, randomBytes(32).toString('base64'));
  // One that reads and writes the same S3 as the services here.
  const standIn = await mediaConvert.start({ s3: aws, aws });
  stack.defer(async () => void (await standIn.stop()));
  const record = { DATABASE_URL: database.url };
  const own: Partial<Record<ServiceName, Record<string, string>>> = {
    auth: record,
    upload: {
      ...record,
      ...buckets.environment,
      UPLOAD_EVENTS_QUEUE_URL: messaging.objects,
      UPLOAD_WATCH_PREFIX: WATCH_PREFIX,
      // Whose the videos are that come without a word of it.
      UPLOAD_WATCH_OWNER_ID: 'nobody',
    },
    transcode: {
      ...record,
      ...buckets.environment,
      TRANSCODE_ENGINE: 'mediaconvert',
      MEDIACONVERT_ENDPOINT: standIn.address.mediaconvert?.endpoint ?? '',
      MEDIACONVERT_ROLE_ARN: 'arn:aws:iam::000000000000:role/kinora-mediaconvert',
      MEDIACONVERT_EVENTS_QUEUE_URL: messaging.encodings,
    },
    encoder: buckets.environment,
    catalog: {
      ...record,
      SESSION_TOKEN_KEY,
      OPENSEARCH_URL: backend('opensearch').url,
      CLOUDFRONT_DISTRIBUTION_ID: distribution.id,
      CLOUDFRONT_ENDPOINT: aws.endpoint,
      CLOUDFRONT_KVS_ARN: distribution.storeArn,
      CLOUDFRONT_KVS_ENDPOINT: aws.endpoint,
    },
    analytics: {
      SESSION_TOKEN_KEY,
      DYNAMODB_ENDPOINT: backend('dynamodb').endpoint,
      DYNAMODB_TABLE: `kinora-${Date.now()}`,
    },
    edge: buckets.environment,
  };
  const account = {
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    SQS_ENDPOINT: aws.endpoint,
    SECRETS_ENDPOINT: aws.endpoint,
  };
  const kinora = await startPlatform({
    dataDir: freshDir('aws'),
    port: 0,
    // Each under its name in the record of AWS calls.
    env: Object.fromEntries(
      SERVICES.map((name) => [name, { ...account, AWS_SDK_UA_APP_ID: `apps-${name}`, ...own[name] }]),
    ),
  });
  stack.defer(() => kinora.stop());
  return { kinora, buckets, messaging, distribution, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
