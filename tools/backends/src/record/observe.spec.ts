import { observe } from './observe';

const signed = (service: string, more: Record<string, string> = {}) => ({
  host: '127.0.0.1:9000',
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20270101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  'user-agent': 'aws-sdk-js/3.1 ua/2.1 os/linux lang/js md/nodejs#24 api/s3#3.1 app/libs-storage#s3 m/E',
  'x-amz-user-agent': 'aws-sdk-js/3.1',
  ...more,
});
const s3 = (method: string, url: string, more?: Record<string, string>) =>
  observe({ method, url, headers: signed('s3', more) })?.action;

it('knows the operations of S3 by method, path, parameters and headers', () => {
  expect(s3('GET', '/')).toBe('ListBuckets');
  expect(s3('HEAD', '/raw')).toBe('HeadBucket');
  expect(s3('PUT', '/raw/')).toBe('CreateBucket');
  expect(s3('GET', '/raw?list-type=2&prefix=a%2F')).toBe('ListObjectsV2');
  expect(s3('GET', '/raw/?uploads&prefix=a')).toBe('ListMultipartUploads');
  expect(s3('POST', '/raw?delete')).toBe('DeleteObjects');
  expect(s3('PUT', '/raw/a/b?x-id=PutObject')).toBe('PutObject');
  expect(s3('PUT', '/raw/a', { 'x-amz-copy-source': 'staging/a' })).toBe('CopyObject');
  expect(s3('PUT', '/raw/a?partNumber=1&uploadId=u')).toBe('UploadPart');
  expect(s3('PUT', '/raw/a?partNumber=1&uploadId=u', { 'x-amz-copy-source': 'b/a' })).toBe('UploadPartCopy');
  expect(s3('POST', '/raw/a?uploads=')).toBe('CreateMultipartUpload');
  expect(s3('POST', '/raw/a?uploadId=u')).toBe('CompleteMultipartUpload');
  expect(s3('DELETE', '/raw/a?uploadId=u')).toBe('AbortMultipartUpload');
  expect(s3('GET', '/raw/a?uploadId=u')).toBe('ListParts');
  expect(s3('HEAD', '/a/b', { host: 'raw.s3.eu-central-1.amazonaws.com' })).toBe('HeadObject');
  expect(s3('HEAD', '/', { host: 'raw.s3-accelerate.amazonaws.com' })).toBe('HeadBucket');
});

it('knows who signed a URL for whom, without a header', () => {
  const url = '/staging/a?partNumber=2&uploadId=u&X-Amz-Credential=AKID%2F20270101%2Fus-east-1%2Fs3%2Faws4_request';
  expect(observe({ method: 'PUT', url, headers: { host: 'h' } })).toEqual({
    service: 's3',
    action: 'UploadPart',
    signed: true,
    byUrl: true,
    appId: undefined,
  });
});

it.each([
  ['sqs', { 'x-amz-target': 'AmazonSQS.ReceiveMessage' }, 'POST', '/', 'ReceiveMessage'],
  ['dynamodb', { 'x-amz-target': 'DynamoDB_20120810.UpdateItem' }, 'POST', '/', 'UpdateItem'],
  ['cloudfront', {}, 'POST', '/2020-05-31/distribution/E1/invalidation', 'CreateInvalidation'],
  ['mediaconvert', {}, 'DELETE', '/2017-08-29/jobs/1-a', 'CancelJob'],
  ['es', {}, 'POST', '/videos/_search', 'ESHttpPost'],
  ['sns', {}, 'POST', '/', 'POST /'],
] as const)('names operations of %s', (service, headers, method, url, action) => {
  expect(observe({ method, url, headers: signed(service, headers) })).toEqual({
    service,
    action,
    signed: true,
    byUrl: false,
    appId: 'libs-storage#s3',
  });
});

it('finds the operation of older services in their form', () => {
  expect(observe({ method: 'POST', headers: signed('sns') }, 'Version=2010-03-31&Action=CreateTopic')?.action).toBe(
    'CreateTopic',
  );
});

it('knows the key-value store of CloudFront, signed for no region and by another name', () => {
  const headers = {
    ...signed('x'),
    authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AKID/20270101/cloudfront-keyvaluestore/aws4_request, Signature=0',
  };
  const url = '/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A1%3Akey-value-store%2Fa/keys';
  expect(observe({ method: 'POST', url, headers })).toMatchObject({
    service: 'cloudfront-keyvaluestore',
    action: 'UpdateKeys',
  });
});

it('tells calls that need no permission, and what is no call', () => {
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp', 'x-amz-user-agent': 'a app/apps-auth' };
  expect(observe({ method: 'POST', headers })).toEqual({
    service: 'cognito-idp',
    action: 'SignUp',
    signed: false,
    byUrl: false,
    appId: 'apps-auth',
  });
  expect(observe({ url: '/pool/.well-known/jwks.json', headers: {} })).toBeUndefined();
});
