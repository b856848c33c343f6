import { UnprocessableMessage } from '@kinora/sqs';
import { z } from 'zod';
import { type Arrival } from '../../domain/arrivals/arrival';

/** S3's own notification. Within version 2 fields only come along. */
const Notification = z.object({
  Records: z.array(
    z.object({
      eventVersion: z.string().regex(/^2\.\d+$/),
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({
          key: z.string(),
          size: z.int().min(0).default(0),
          eTag: z.string().optional(),
          sequencer: z.string().optional(),
        }),
      }),
    }),
  ),
});

/** What S3 sends when a notification is set up. */
const TestEvent = z.object({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent') });

/** The same by way of EventBridge. */
const BridgeEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.int().min(0).default(0),
      etag: z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

/** Either of them by way of SNS, without raw delivery. */
const Wrapped = z.object({ Type: z.literal('Notification'), TopicArn: z.string(), Message: z.string() });

const CREATED = /^(s3:)?ObjectCreated:/;

/** Keys of notifications are written as in a form: percent-encoded UTF-8, and `+` for a space. */
function plainKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (cause) {
    throw new UnprocessableMessage('arrival.key_unreadable', 'The key of the object is not encoded as S3 does.', {
      cause,
    });
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnprocessableMessage('arrival.unreadable', 'What SNS carries is no JSON.', { cause });
  }
};

interface Written {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string | undefined;
  readonly sequencer: string | undefined;
}

/** A hexadecimal number, which S3 and EventBridge write with other letters and other zeros before it. */
const plainSequencer = (sequencer: string): string => sequencer.toLowerCase().replace(/^0+(?=.)/, '');

/** Only what was deleted has no etag. */
function arrival({ etag, sequencer, ...written }: Written): Arrival {
  if (etag === undefined)
    throw new UnprocessableMessage('arrival.unreadable', 'An object was written, but has no etag.');
  return { ...written, etag, sequencer: sequencer === undefined ? undefined : plainSequencer(sequencer) };
}

/** The objects that an event of a bucket says were written; none for other events. @throws UnprocessableMessage */
export function readBucketEvent(body: unknown): Arrival[] {
  const wrapped = Wrapped.safeParse(body);
  if (wrapped.success) return readBucketEvent(jsonOf(wrapped.data.Message));
  if (TestEvent.safeParse(body).success) return [];

  const bridge = BridgeEvent.safeParse(body);
  if (bridge.success) {
    if (bridge.data['detail-type'] !== 'Object Created') return [];
    const { bucket, object } = bridge.data.detail;
    // Keys are plain here.
    return [arrival({ ...object, bucket: bucket.name, etag: object.etag, sequencer: object.sequencer })];
  }

  const direct = Notification.safeParse(body);
  if (!direct.success)
    throw new UnprocessableMessage('arrival.unreadable', `No event of a bucket: ${z.prettifyError(direct.error)}`);
  return direct.data.Records.filter(({ eventName }) => CREATED.test(eventName)).map(({ s3: { bucket, object } }) =>
    arrival({
      bucket: bucket.name,
      key: plainKey(object.key),
      size: object.size,
      etag: object.eTag,
      sequencer: object.sequencer,
    }),
  );
}
