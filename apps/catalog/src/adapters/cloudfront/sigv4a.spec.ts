import { createPublicKey, verify } from 'node:crypto';
import { createSigV4aSigner, deriveKey, prepare, type SignableRequest } from './sigv4a';

const credentials = {
  accessKeyId: 'AKISORANDOMAASORANDOM',
  secretAccessKey: 'q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom',
  sessionToken: 'a-session-token',
};
const service = 'cloudfront-keyvaluestore';
const date = new Date('2026-11-26T10:20:30Z');
const host = '123456789012.cloudfront-kvs.global.api.aws';
const path =
  '/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F00000000-0000-0000-0000-000000000000/keys';

/** What AWS's own signer (@aws-sdk/signature-v4a 3.1138.0) made of these requests. */
const official: [string, SignableRequest, string][] = [
  [
    'a POST',
    {
      method: 'POST',
      path,
      query: {},
      headers: {
        host,
        'content-type': 'application/json',
        'if-match': 'ETVPDKIKX0DER',
        'user-agent': 'x',
        'amz-sdk-request': 'attempt=1',
      },
      body: '{"Puts":[{"Key":"a b","Value":"1"}]}',
    },
    'AWS4-ECDSA-P256-SHA256 Credential=AKISORANDOMAASORANDOM/20261126/cloudfront-keyvaluestore/aws4_request, SignedHeaders=amz-sdk-request;content-type;host;if-match;x-amz-content-sha256;x-amz-date;x-amz-region-set;x-amz-security-token, Signature=304402207d3528656d399cf658e9ac2b076edcc12e3e6dde76c6ae8a14c4093ab035cf7302202675ff234d755b3b4bb911aa3cfb42d63598a43975b3e19de93d818f9dc7c331',
  ],
  [
    'a GET with a query',
    { method: 'GET', path, query: { MaxResults: '50', NextToken: 'a/b+c==' }, headers: { host } },
    'AWS4-ECDSA-P256-SHA256 Credential=AKISORANDOMAASORANDOM/20261126/cloudfront-keyvaluestore/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set;x-amz-security-token, Signature=3045022100cfe1f80e431837c9c50b18db8626be6518dc5e8c08de6f6ee357b377112e13ee0220604ed8f140c414280dc23944fbb7f17a68afbd65567c56e5f92c660e8b4fab55',
  ],
];

describe('SigV4A', () => {
  const publicKey = createPublicKey(deriveKey(credentials));
  const holds = (text: string, signature: string): boolean =>
    verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'hex'));

  it.each(official)(
    '%s: AWS’s signature is one of the text that we sign, by the key that we derive',
    (_, request, theirs) => {
      const { text, authorization } = prepare(request, service, credentials, date);
      const signature = theirs.slice(theirs.indexOf('Signature=') + 10);
      expect(authorization(signature)).toBe(theirs);
      expect(holds(text, signature)).toBe(true);
      expect(holds(`${text}x`, signature)).toBe(false);
    },
  );

  it('signs requests for every region, and with other credentials when they change', async () => {
    const [[, request]] = official as [(typeof official)[0]];
    let current = credentials;
    const signer = createSigV4aSigner(service, async () => current);
    const signed = async () => (await signer.sign({ ...request }, { signingDate: date })).headers;
    const first = await signed();
    expect(first).toMatchObject({ 'x-amz-region-set': '*', 'x-amz-security-token': 'a-session-token' });
    const signature = (authorization = '') => authorization.slice(authorization.indexOf('Signature=') + 10);
    const { text } = prepare(request, service, credentials, date);
    expect(holds(text, signature(first.authorization))).toBe(true);
    current = { ...credentials, secretAccessKey: 'another' };
    expect(holds(text, signature((await signed()).authorization))).toBe(false);
  });
});
