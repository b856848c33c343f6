import { readBucketEvent } from './bucket-events';

// Recorded AWS shapes: as Amazon's documentation of S3 shows them (event message structure, test message, EventBridge, SNS), with
// names of ours. None was taken from an account of ours.

const recordedPut = {
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-west-2',
      eventTime: '1970-01-01T00:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AIDAJDPLRKLG7UEXAMPLE' },
      requestParameters: { sourceIPAddress: '203.0.113.9' },
      responseElements: {
        'x-amz-request-id': 'C3D13FE58DE4C810',
        'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD',
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'testConfigRule',
        bucket: { name: 'staging', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::staging' },
        object: {
          key: 'watch/K%C3%A4se+%2B+Brot/HappyFace.mp4',
          size: 1024,
          eTag: 'd41d8cd98f00b204e9800998ecf8427e',
          versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
          sequencer: '0055AED6DCD90281E5',
        },
      },
    },
  ],
};

const recordedTest = {
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2014-10-13T15:57:02.089Z',
  Bucket: 'staging',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
};

const recordedBridge = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  resources: ['arn:aws:s3:::staging'],
  detail: {
    version: '0',
    bucket: { name: 'staging' },
    object: {
      key: 'watch/a+b %41.mp4',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      sequencer: '617f08299329d189',
    },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    'source-ip-address': '1.2.3.4',
    reason: 'PutObject',
  },
};

const wrapped = (message: unknown) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:us-west-2:123456789012:arrivals',
  Subject: 'Amazon S3 Notification',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2012-05-02T00:54:06.655Z',
  SignatureVersion: '1',
  Signature: 'EXAMPLEw6JRN',
  SigningCertURL: 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
  UnsubscribeURL: 'https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe',
});

const happyFace = {
  bucket: 'staging',
  key: 'watch/Käse + Brot/HappyFace.mp4',
  size: 1024,
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
  sequencer: '55aed6dcd90281e5',
};

/** The recorded notification with other words in it. */
const changed = (record: object, object: object = {}) => {
  const [first] = recordedPut.Records;
  return { Records: [{ ...first, s3: { ...first?.s3, object: { ...first?.s3.object, ...object } }, ...record }] };
};

it('reads a notification of S3, whose keys are encoded as in a form', () => {
  expect(readBucketEvent(recordedPut)).toEqual([happyFace]);
  for (const eventVersion of ['2.0', '2.4', '2.11'])
    expect(readBucketEvent(changed({ eventVersion }))).toEqual([happyFace]);
  expect(readBucketEvent({ Records: [...recordedPut.Records, ...recordedPut.Records] })).toHaveLength(2);
});

it('reads an event of EventBridge, whose keys are plain', () => {
  const { key, size, etag, sequencer } = recordedBridge.detail.object;
  expect(readBucketEvent(recordedBridge)).toEqual([{ bucket: 'staging', key, size, etag, sequencer }]);
});

it('knows one writing of a key, whichever way it was announced', () => {
  const [direct] = readBucketEvent(changed({}, { sequencer: '00617F08299329D189' }));
  const [bridged] = readBucketEvent(recordedBridge);
  expect(direct?.sequencer).toBe(bridged?.sequencer);
});

it('reads both in the envelope of SNS', () => {
  expect(readBucketEvent(wrapped(recordedPut))).toEqual([happyFace]);
  expect(readBucketEvent(wrapped(recordedBridge))).toEqual(readBucketEvent(recordedBridge));
  expect(readBucketEvent(wrapped(recordedTest))).toEqual([]);
});

it('hears nothing in tests and in events of other kinds', () => {
  expect(readBucketEvent(recordedTest)).toEqual([]);
  expect(readBucketEvent(changed({ eventName: 'ObjectRemoved:Delete' }, { eTag: undefined, size: undefined }))).toEqual(
    [],
  );
  expect(readBucketEvent({ ...recordedBridge, 'detail-type': 'Object Deleted' })).toEqual([]);
  expect(readBucketEvent({ Records: [] })).toEqual([]);
});

it('takes an event without a sequencer, and knows that there is none', () => {
  expect(readBucketEvent(changed({}, { sequencer: undefined }))).toEqual([{ ...happyFace, sequencer: undefined }]);
});

it.each([
  ['nothing', null],
  ['a text', 'hello'],
  ['something else', { hello: 'world' }],
  ['a later major version', changed({ eventVersion: '3.0' })],
  ['a key that is not encoded as S3 does', changed({}, { key: 'watch/%zz' })],
  ['a key that is no UTF-8', changed({}, { key: 'watch/%ff' })],
  ['an object without an etag', changed({}, { eTag: undefined })],
  ['an envelope with something else in it', wrapped('hello')],
])('refuses %s for good', (_, body) => {
  expect(() => readBucketEvent(body)).toThrow(expect.objectContaining({ name: 'UnprocessableMessage' }));
});
