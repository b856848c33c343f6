import { type Platform, startPlatform } from '@kinora/local';
import { backend, freshDir, testBuckets, type TestBuckets, testDatabase } from '@kinora/testing';
import { startStandIn } from '@kinora/mediaconvert-stand-in';
import { type AwsMessaging, setUpMessaging } from './aws-messaging';

/** Where the watch folder of the staging bucket is. */
export const WATCH_PREFIX = 'watch/';

export interface AwsPlatform extends AsyncDisposable {
  readonly kinora: Platform;
  readonly buckets: TestBuckets;
  readonly messaging: AwsMessaging;
}

/**
 * The platform with every adapter in its AWS mode: S3 with its events, SQS, MediaConvert, DynamoDB, OpenSearch, RDS's
 * PostgreSQL and Secrets Manager are the servers that `npm run test:backends` started; Cognito and Redis are what they are on a laptop.
 */
export async function startAwsPlatform(): Promise<AwsPlatform> {
  const aws = backend('aws');
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const buckets = await testBuckets(aws);
  const messaging = await setUpMessaging(aws, buckets.staging);
  const mediaConvert = stack.use(await startStandIn({ s3: aws, sqs: aws, eventsQueueUrl: messaging.encodings }));
  const credentials = {
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
  };
  const record = { DATABASE_URL: database.url };
  const kinora = await startPlatform({
    dataDir: freshDir('aws'),
    port: 0,
    env: {
      auth: { ...record, ...credentials },
      upload: {
        ...record,
        ...buckets.environment,
        SQS_ENDPOINT: aws.endpoint,
        UPLOAD_EVENTS_QUEUE_URL: messaging.objects,
        UPLOAD_WATCH_PREFIX: WATCH_PREFIX,
      },
      transcode: {
        ...record,
        ...buckets.environment,
        TRANSCODE_ENGINE: 'mediaconvert',
        MEDIACONVERT_ENDPOINT: mediaConvert.endpoint,
        MEDIACONVERT_ROLE_ARN: 'arn:aws:iam::000000000000:role/kinora-mediaconvert',
        MEDIACONVERT_EVENTS_QUEUE_URL: messaging.encodings,
        SQS_ENDPOINT: aws.endpoint,
      },
      encoder: buckets.environment,
      catalog: { ...record, ...credentials, OPENSEARCH_URL: backend('opensearch').url },
      analytics: { ...credentials, DYNAMODB_ENDPOINT: backend('dynamodb').endpoint, DYNAMODB_TABLE: `journey-${Date.now()}` },
      edge: buckets.environment,
    },
  });
  stack.defer(() => kinora.stop());
  return { kinora, buckets, messaging, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
