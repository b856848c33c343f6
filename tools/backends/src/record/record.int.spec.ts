import { HeadBucketCommand, PutObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type PassThrough, SET_UP } from '@kinora/testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { appIdOf, CallRecord } from './record';

let record: CallRecord;
let origin: Server;
let proxy: PassThrough;
const clients: S3Client[] = [];
beforeAll(async () => {
  // A name of this process's own would be everybody's here.
  delete process.env['AWS_SDK_UA_APP_ID'];
  origin = createServer(
    (req, res) => void req.resume().on('end', () => res.writeHead(req.method === 'HEAD' ? 404 : 200).end()),
  );
  await once(origin.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(async () => {
  record = new CallRecord();
  const endpoint = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  proxy = await record.before(endpoint, { project: 'apps/encoder', server: 'a server' });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
});
afterAll(() => origin.close());

const clientOf = (userAgentAppId?: string): S3Client => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new S3Client({
    endpoint: proxy.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    ...(userAgentAppId !== undefined && { userAgentAppId }),
  });
  clients.push(client);
  return client;
};
const Bucket = 'raw';

it('notes the calls of real clients, by suite and answer, but not what prepares a test', async () => {
  const suite = clientOf(`${appIdOf('libs/storage')}#s3`);
  for (const Key of ['a', 'b']) await suite.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await suite.send(new HeadBucketCommand({ Bucket })).catch(() => undefined);
  await clientOf(SET_UP).send(new PutObjectCommand({ Bucket, Key: 'c', Body: 'x' }));
  const part = new UploadPartCommand({ Bucket, Key: 'd', UploadId: 'u', PartNumber: 1 });
  await fetch(await getSignedUrl(suite, part), { method: 'PUT', body: 'x' });
  await fetch(`${proxy.url}/health`);

  const common = { service: 's3', signed: true, server: 'a server' };
  const ofSuite = { ...common, project: 'libs/storage', suite: 's3' };
  expect(record.calls()).toEqual([
    { ...common, project: 'apps/encoder', action: 'UploadPart', answers: { '2xx': 1 } },
    { ...ofSuite, action: 'HeadBucket', answers: { '4xx': 1 } },
    { ...ofSuite, action: 'PutObject', answers: { '2xx': 2 } },
  ]);
  expect(record.nameless()).toEqual([]);
});

it('puts a call without a name down to nobody, and says so', async () => {
  await clientOf().send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  expect(record.calls()).toEqual([]);
  expect(record.nameless()).toEqual([
    expect.stringContaining('s3:PutObject reached a server from suites of apps/encoder without a name'),
  ]);
});
