import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { matches } from './pattern';

/** An event as EventBridge brings it to a target. */
export type BusEvent = Readonly<Record<string, unknown>>;

export interface Bus {
  /** Brings an event to the queues that the rules of the default bus name. */
  deliver(event: BusEvent): Promise<void>;
  close(): void;
}

/**
 * EventBridge's default bus with AWS's own events. PutEvents refuses sources that begin with `aws.`, there as in AWS, so the rules and
 * targets are read from EventBridge, as they would be in production, and the event is sent to each target that is a queue of SQS.
 */
export function createBus({ endpoint, region }: { endpoint: string; region: string }): Bus {
  const bridge = new EventBridgeClient({ endpoint, region });
  const sqs = new SQSClient({ endpoint, region });
  const queuesFor = async (event: BusEvent): Promise<string[]> => {
    const { Rules = [] } = await bridge.send(new ListRulesCommand({}));
    const matching = Rules.filter(
      ({ State, EventPattern }) =>
        State === 'ENABLED' &&
        EventPattern !== undefined &&
        EventPattern.includes('aws.mediaconvert') &&
        matches(JSON.parse(EventPattern) as BusEvent, event),
    );
    const targets = await Promise.all(
      matching.map(({ Name }) => bridge.send(new ListTargetsByRuleCommand({ Rule: Name }))),
    );
    return targets.flatMap(({ Targets = [] }) =>
      Targets.flatMap(({ Arn = '' }) => (Arn.includes(':sqs:') ? [Arn] : [])),
    );
  };
  return {
    async deliver(event) {
      for (const arn of await queuesFor(event)) {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':').at(-1) }));
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
      }
    },
    close() {
      bridge.destroy();
      sqs.destroy();
    },
  };
}
