import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CancelJobCommand,
  CreateQueueCommand,
  type Job,
  ListJobsCommand,
  MediaConvertClient,
  UpdateQueueCommand,
} from '@aws-sdk/client-mediaconvert';
import { CreateQueueCommand as CreateSqsQueue, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { asSetUp, backend, SET_UP } from '@kinora/testing';
import { randomUUID } from 'node:crypto';

/** Throttled calls are asked again for long: suites share the account's limit with the service under test. */
const client = () =>
  new MediaConvertClient({
    endpoint: backend('mediaconvert').endpoint,
    region: backend('s3').region,
    maxAttempts: 10,
    userAgentAppId: SET_UP,
  });

/** A queue of MediaConvert of one suite, and what a test asks of it. */
export interface MediaConvertAccount {
  readonly client: MediaConvertClient;
  readonly queueArn: string;
  /** Jobs stay SUBMITTED while it is paused. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Jobs of an encoding of this video, the newest first. */
  jobsOf(videoId: string): Promise<Job[]>;
  /** As an operator does, in the console. */
  cancel(job: Job): Promise<void>;
  /** The service's environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

export async function mediaConvertAccount(): Promise<MediaConvertAccount> {
  const mediaConvert = client();
  const Name = `suite-${randomUUID()}`;
  const { Queue } = await mediaConvert.send(new CreateQueueCommand({ Name }));
  const queueArn = Queue?.Arn ?? '';
  const set = async (Status: 'ACTIVE' | 'PAUSED') =>
    void (await mediaConvert.send(new UpdateQueueCommand({ Name, Status })));
  return {
    client: mediaConvert,
    queueArn,
    pause: () => set('PAUSED'),
    resume: () => set('ACTIVE'),
    async jobsOf(videoId) {
      const { Jobs = [] } = await mediaConvert.send(new ListJobsCommand({ Queue: queueArn, MaxResults: 20 }));
      return Jobs.filter((job) => job.UserMetadata?.['videoId'] === videoId);
    },
    cancel: async ({ Id }) => void (await mediaConvert.send(new CancelJobCommand({ Id }))),
    environment: {
      TRANSCODE_ENGINE: 'mediaconvert',
      MEDIACONVERT_ENDPOINT: backend('mediaconvert').endpoint,
      MEDIACONVERT_ROLE_ARN: 'arn:aws:iam::000000000000:role/kinora-mediaconvert',
      MEDIACONVERT_QUEUE_ARN: queueArn,
    },
    close: () => mediaConvert.destroy(),
  };
}

/** Brings the events of a queue's jobs to a queue of SQS, by a rule as Terraform makes it. Returns its URL. */
export async function eventsOf(queueArn: string): Promise<string> {
  const aws = backend('aws');
  const [sqs, bridge] = [new SQSClient(asSetUp(aws)), new EventBridgeClient(asSetUp(aws))];
  const name = `mediaconvert-${randomUUID()}`;
  const { QueueUrl = '' } = await sqs.send(new CreateSqsQueue({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const EventPattern = JSON.stringify({
    source: ['aws.mediaconvert'],
    'detail-type': ['MediaConvert Job State Change'],
    detail: { queue: [queueArn] },
  });
  await bridge.send(new PutRuleCommand({ Name: name, EventPattern }));
  await bridge.send(
    new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'sqs', Arn: Attributes?.['QueueArn'] ?? '' }] }),
  );
  sqs.destroy();
  bridge.destroy();
  return QueueUrl;
}
