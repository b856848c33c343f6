import { z } from 'zod';
import { engineProblems, engineShape, mediaConvertOptions } from './engine-config';

const read = (env: Record<string, string> = {}) => z.object(engineShape).parse(env);
const s3 = { STORAGE_DRIVER: 's3', AWS_REGION: 'r', S3_BUCKET_RAW: 'raw', S3_BUCKET_DISTRIBUTION: 'dist' } as const;
const role = { MEDIACONVERT_ROLE_ARN: 'arn:aws:iam::1:role/x' };

it('asks for nothing while our own workers encode', () => {
  const config = { ...read(), STORAGE_DRIVER: 'disk' as const };
  expect(engineProblems(config)).toEqual([]);
  expect(mediaConvertOptions(config)).toBeUndefined();
});

it('names all that MediaConvert lacks at once', () => {
  const config = { ...read({ TRANSCODE_ENGINE: 'policy' }), STORAGE_DRIVER: 'disk' as const };
  expect(engineProblems(config)).toEqual([
    'STORAGE_DRIVER must be s3 when TRANSCODE_ENGINE is policy',
    ...['MEDIACONVERT_ROLE_ARN', 'AWS_REGION', 'S3_BUCKET_RAW', 'S3_BUCKET_DISTRIBUTION'].map(
      (name) => `${name} is required when TRANSCODE_ENGINE is policy`,
    ),
  ]);
  expect(() => mediaConvertOptions(config)).toThrow('MEDIACONVERT_ROLE_ARN is required');
});

it('goes on following jobs when the engine was switched back', () => {
  expect(mediaConvertOptions({ ...read(role), ...s3 })).toMatchObject({
    roleArn: role.MEDIACONVERT_ROLE_ARN,
    buckets: { raw: 'raw', distribution: 'dist' },
  });
});
