export { eventually, eventuallyHolds } from './eventually';
export { cacheDir, freshDir } from './fresh-dir';
export { testDatabase, type TestDatabase, testPostgresUrl } from './fixtures/test-database';
export { type Child, type ChildOptions, type Exit, startChild } from './process/child';
export { type Failing, type FailPoint, failing } from './faults/fail-points';
export { findProgram, nodeBinary, program, workspaceRoot } from './process/programs';
export { reapWithMe, releaseFromReaper, removeWithMe } from './process/reaper';
export { runToEnd, type RunToEndOptions } from './process/run-to-end';
export { freePort, isPortFree, onFreePort, ServerDidNotStart, startServer, type ServerOptions } from './process/server';
export { type CognitoOptions, type CognitoServer, startCognitoLocal } from './servers/cognito-local';
export { type DeliveredCode } from './servers/delivered-codes';
export { type DynaliteOptions, type DynaliteServer, startDynalite } from './servers/dynalite';
export { type PostgresOptions, type PostgresServer, startPostgres, withClient } from './servers/postgres/postgres';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './servers/otlp-receiver';
export { type Passage, type PassThrough, startPassThrough } from './servers/pass-through';
export { type RedisOptions, type RedisServer, startRedis } from './servers/redis';
/** A Redis of its own for one test file: starting one takes a tenth of a second. */
export { startRedis as testRedis } from './servers/redis';
/** A DynamoDB of its own for one test file. */
export { startDynalite as testDynamo } from './servers/dynalite';
/** A Cognito of its own for one test file. */
export { startCognitoLocal as testCognito } from './servers/cognito-local';
export { judgeDash, readDash } from './judge/dash';
export { decode, type Decoded, frameHashes, loudness, soundDelayMs } from './judge/decode';
export { probe } from './judge/ffprobe';
export { judgeHls, readHls, readHlsMedia } from './judge/hls';
export { cached, ffmpeg, makeMedia, type Recipe } from './media/make';
export { type Clip, media } from './media/recipes';
export { asSetUp, type AwsBackend, type Backends, backend, provideCredentials, SET_UP } from './backends';
export { type TestBuckets, testBuckets } from './fixtures/buckets';
export { testDistribution, type TestDistribution } from './fixtures/distribution';
export { testSecret } from './fixtures/secret';
