import { backend, testBuckets } from '@kinora/testing';
import { encodeConformance } from './encode.conformance';

encodeConformance('S3', async () => (await testBuckets(backend('s3'))).environment);
