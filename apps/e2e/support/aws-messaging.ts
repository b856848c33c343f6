import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { asSetUp, type AwsBackend } from '@kinora/testing';

/** Queues of the account, by their URLs. */
export interface AwsMessaging {
  /** Events of the staging bucket. */
  readonly objects: string;
  /** State changes of MediaConvert jobs. */
  readonly encodings: string;
  /** Where messages go that nobody could use. */
  readonly dead: string;
}

/** What infrastructure code makes in a real account: queues with a redrive policy, a bucket that tells of its objects, and a rule for MediaConvert's events. */
export async function setUpMessaging(aws: AwsBackend, staging: string): Promise<AwsMessaging> {
  const sqs = new SQSClient(asSetUp(aws));
  const make = async (name: string, Attributes?: Record<string, string>) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${staging}-${name}`, Attributes }));
    const arn = { QueueUrl, AttributeNames: ['QueueArn' as const] };
    const answer = await sqs.send(new GetQueueAttributesCommand(arn));
    return { url: QueueUrl, arn: answer.Attributes?.['QueueArn'] ?? '' };
  };
  const dead = await make('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 });
  const objects = await make('objects', { RedrivePolicy });
  const encodings = await make('encodings', { RedrivePolicy });
  sqs.destroy();

  const s3 = new S3Client({ ...asSetUp(aws), forcePathStyle: true });
  const NotificationConfiguration = {
    QueueConfigurations: [{ QueueArn: objects.arn, Events: ['s3:ObjectCreated:*' as const] }],
  };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: staging, NotificationConfiguration }));
  s3.destroy();

  const bridge = new EventBridgeClient(asSetUp(aws));
  const Name = `${staging}-encodings`;
  const EventPattern = JSON.stringify({
    source: ['aws.mediaconvert'],
    'detail-type': ['MediaConvert Job State Change'],
  });
  await bridge.send(new PutRuleCommand({ Name, EventPattern }));
  await bridge.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'sqs', Arn: encodings.arn }] }));
  bridge.destroy();
  return { objects: objects.url, encodings: encodings.url, dead: dead.url };
}
