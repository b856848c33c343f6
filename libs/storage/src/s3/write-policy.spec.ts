import { parseTags, policyOf } from './write-policy';

const key = 'sources/vid_01J/upl_1';

it('asks for nothing unless told', () => {
  expect(policyOf({}, 'raw', key)).toEqual({});
});

it('names encryption, class and tags, with the store and the video filled in', () => {
  const tags = parseTags('kinora:service=upload, kinora:store={store},kinora:video={video}');
  expect(
    policyOf({ sse: 'aws:kms', kmsKeyId: 'alias/a', storageClass: 'INTELLIGENT_TIERING', tags }, 'raw', key),
  ).toEqual({
    ServerSideEncryption: 'aws:kms',
    BucketKeyEnabled: true,
    SSEKMSKeyId: 'alias/a',
    StorageClass: 'INTELLIGENT_TIERING',
    Tagging: 'kinora%3Aservice=upload&kinora%3Astore=raw&kinora%3Avideo=vid_01J',
  });
  expect(policyOf({ sse: 'AES256', tags }, 'staging', 'uploads/upl_1/source')).toEqual({
    ServerSideEncryption: 'AES256',
    Tagging: 'kinora%3Aservice=upload&kinora%3Astore=staging',
  });
});

it.each([
  ['nothing', ''],
  ['a key alone', 'team'],
  ['an unknown part', 'a={user}'],
  ["AWS's own prefix", 'aws:team=a'],
  ['a character that S3 refuses', 'a=b&c'],
  ['a tag twice', 'a=1,a=2'],
  ['more than ten', Array.from({ length: 11 }, (_, n) => `t${n}=1`).join(',')],
])('refuses tags of %s', (_, text) => {
  expect(() => parseTags(text)).toThrow(/tag/);
});
