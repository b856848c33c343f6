export interface QueueAddress {
  readonly queueUrl: string;
  readonly region: string;
  /** Another endpoint than AWS's. */
  readonly endpoint?: string | undefined;
}

/** A message in flight. */
export interface Received {
  readonly id: string;
  readonly receipt: string;
  readonly text: string;
  readonly receiveCount: number;
}

/** One queue of SQS, in the words of the consumer. */
export interface Queue {
  readonly name: string;
  receive(most: number, visibilitySeconds: number, signal: AbortSignal): Promise<Received[]>;
  /** How long from now nobody else gets the message; 0 gives it back. */
  hide(message: Received, seconds: number): Promise<void>;
  remove(message: Received): Promise<void>;
  close(): Promise<void>;
}

/** The longest that SQS lets a poll wait. */
const WAIT_SECONDS = 20;

/** Whether SQS says that the message is no longer ours: taken by another, deleted, or twelve hours in flight. */
export const isNotOurs = (error: unknown): boolean =>
  error instanceof Error &&
  /ReceiptHandleIsInvalid|MessageNotInflight|InvalidParameterValue|InvalidIdFormat/.test(error.name);

/** Opens nothing yet: the SDK is loaded at the first call. Credentials come from its default chain. */
export function createQueue({ queueUrl: QueueUrl, region, endpoint }: QueueAddress): Queue {
  const connect = async () => {
    const sdk = await import('@aws-sdk/client-sqs');
    const client = new sdk.SQSClient({
      region,
      ...(endpoint !== undefined && { endpoint }),
      // Only a poll is silent for long.
      requestHandler: { connectionTimeout: 3_000, socketTimeout: (WAIT_SECONDS + 10) * 1_000 },
    });
    return { sdk, client };
  };
  let connected: ReturnType<typeof connect> | undefined;
  const connection = () => (connected ??= connect());
  return {
    name: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1),
    async receive(most, VisibilityTimeout, abortSignal) {
      const { sdk, client } = await connection();
      const { Messages } = await client.send(
        new sdk.ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
        { abortSignal },
      );
      return (Messages ?? []).map((message) => ({
        id: message.MessageId ?? '',
        receipt: message.ReceiptHandle ?? '',
        text: message.Body ?? '',
        receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },
    async hide({ receipt }, VisibilityTimeout) {
      const { sdk, client } = await connection();
      await client.send(
        new sdk.ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout }),
      );
    },
    async remove({ receipt }) {
      const { sdk, client } = await connection();
      await client.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    close: async () => (await connected)?.client.destroy(),
  };
}
