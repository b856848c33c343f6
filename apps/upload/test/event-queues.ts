import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { asSetUp, type AwsBackend } from '@kinora/testing';
import { randomBytes } from 'node:crypto';

export interface EventQueue {
  readonly url: string;
  readonly arn: string;
  /** Where its redrive policy brings what nobody could process. */
  readonly dead: string;
}

export type EventQueues = ReturnType<typeof createEventQueues>;

/** Queues as the infrastructure makes them, and what tests want to see of them. */
export function createEventQueues(aws: AwsBackend) {
  const sqs = new SQSClient(asSetUp(aws));
  const s3 = new S3Client({ ...asSetUp(aws), forcePathStyle: true });
  const bridge = new EventBridgeClient(asSetUp(aws));
  const attributes = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
  const made = async (Attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> => {
    const QueueName = `events-${randomBytes(5).toString('hex')}`;
    const url = (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    return { url, arn: (await attributes(url))['QueueArn'] ?? '' };
  };

  return {
    async create(maxReceiveCount = 5): Promise<EventQueue> {
      const dead = await made();
      const policy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: String(maxReceiveCount) });
      return { ...(await made({ RedrivePolicy: policy })), dead: dead.url };
    },
    /** The bucket's events of writing go to `direct`, and through EventBridge to `bridged`. */
    async subscribe(Bucket: string, { direct, bridged }: { direct: EventQueue; bridged: EventQueue }): Promise<void> {
      await s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          NotificationConfiguration: {
            QueueConfigurations: [{ QueueArn: direct.arn, Events: ['s3:ObjectCreated:*'] }],
            EventBridgeConfiguration: {},
          },
        }),
      );
      const Name = `rule-${Bucket}`;
      const EventPattern = JSON.stringify({
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [Bucket] } },
      });
      await bridge.send(new PutRuleCommand({ Name, EventPattern }));
      await bridge.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'upload', Arn: bridged.arn }] }));
    },
    send: (url: string, body: string) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body })),
    /** Takes all that can be seen now out of a queue. */
    async drain(url: string): Promise<string[]> {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        if (Messages.length === 0) return bodies;
        for (const { Body = '', ReceiptHandle } of Messages) {
          bodies.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
        }
      }
    },
    /** Messages in the queue, seen or in flight. */
    async size(url: string): Promise<number> {
      const found = await attributes(url);
      return Number(found['ApproximateNumberOfMessages']) + Number(found['ApproximateNumberOfMessagesNotVisible']);
    },
    /** Puts an object as a person with the AWS console would. */
    s3,
    close() {
      for (const client of [sqs, s3, bridge]) client.destroy();
    },
  };
}
