import { undocumented, withTables } from './docs';
import { type RecordedCall } from './record';
import { UnknownUser } from './users';

const call = (more: Partial<RecordedCall> = {}): RecordedCall => ({
  project: 'apps/upload',
  suite: 'tus',
  service: 's3',
  action: 'UploadPart',
  signed: true,
  server: 'versitygw',
  answers: { '2xx': 1 },
  ...more,
});
const EMPTY = `# Kinora in AWS

<!-- permissions: generated -->
<!-- end of permissions -->
By hand: | not | ours |
<!-- proofs: generated -->
old
<!-- end of proofs -->
`;

it('lists what every service needs by the names of IAM, and where each call is proven', () => {
  const { suite: _, ...bySignedUrl } = call();
  const calls = [
    call(),
    bySignedUrl,
    call({ action: 'HeadObject', server: 'ministack', project: 'libs/storage', suite: 's3' }),
    call({ action: 'PutObject', project: 'libs/storage', suite: 's3' }),
    call({ service: 'cognito-idp', action: 'SignUp', signed: false, project: 'apps/auth', server: 'cognito-local' }),
  ];
  const text = withTables(EMPTY, calls);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  expect(rows).toEqual([
    '| service | of | actions in IAM |',
    '| --- | --- | --- |',
    '| upload | s3 | `GetObject`, `ListBucket`, `PutObject` |',
    '| transcode | s3 | `GetObject`, `ListBucket`, `PutObject` |',
    '| encoder | s3 | `GetObject`, `ListBucket`, `PutObject` |',
    '| edge | s3 | `GetObject`, `ListBucket` |',
    '| call | proven on | in | unproven without AWS |',
    '| --- | --- | --- | --- |',
    expect.stringMatching(/^\| `cognito-idp:SignUp` \| cognito-local \| apps\/auth tus \| \S/),
    expect.stringMatching(/^\| `s3:HeadObject` \| ministack \| libs\/storage s3 \| \S/),
    expect.stringMatching(/^\| `s3:PutObject` \| versitygw \| libs\/storage s3 \| \S/),
    expect.stringMatching(/^\| `s3:UploadPart` \| versitygw \| apps\/upload tus \| \S/),
  ]);
  expect(text).toContain('\nBy hand: | not | ours |\n');
  expect(text).not.toContain('old');
  expect(withTables(text, calls)).toBe(text);
  expect(undocumented(calls, text)).toEqual([]);
  // A run that calls less has nothing to complain of.
  expect(undocumented(calls.slice(1, 2), text)).toEqual([]);
});

it('says what to do about calls that are not in the document', () => {
  const text = withTables(EMPTY, [call()]);
  expect(undocumented([call(), call({ action: 'ListParts' }), call({ project: 'apps/edge' })], text)).toEqual([
    's3:ListParts is called and not in docs/aws.md: run npm run docs:aws',
    'edge needs s3:PutObject, which docs/aws.md doesn’t say: run npm run docs:aws',
    'upload needs s3:ListMultipartUploadParts, which docs/aws.md doesn’t say: run npm run docs:aws',
  ]);
  expect(undocumented([call({ action: 'GetBucketAcl' })], text)[0]).toMatch(
    /^s3:GetBucketAcl is called: say in .*unproven\.ts/,
  );
});

it('asks who uses a lib that it does not know', () => {
  expect(() => withTables(EMPTY, [call({ project: 'libs/new' })])).toThrow(UnknownUser);
});

it('refuses a document without its marks', () => {
  expect(() => withTables('# Kinora in AWS', [])).toThrow(/permissions/);
});
