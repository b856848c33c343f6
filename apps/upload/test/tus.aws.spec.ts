import { backend, testBuckets } from '@kinora/testing';
import { tusConformance } from './tus.conformance';

tusConformance('S3', async () => (await testBuckets(backend('s3'))).environment);
