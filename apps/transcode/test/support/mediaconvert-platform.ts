import { backend, testBuckets } from '@kinora/testing';
import { type MediaConvertAccount, mediaConvertAccount } from './mediaconvert';
import { type Platform, startPlatform } from './platform';
import { startScriptedEncoder } from './scripted-encoder';

export interface MediaConvertPlatform extends AsyncDisposable {
  readonly account: MediaConvertAccount;
  readonly platform: Platform;
}

/**
 * The service with its stores in S3 and an account of MediaConvert that has no queue of events: jobs are asked about. Posters and storyboards
 * are made by a script; they are not what this is about.
 */
export async function startMediaConvertPlatform(extra: Record<string, string> = {}): Promise<MediaConvertPlatform> {
  const account = await mediaConvertAccount();
  const buckets = await testBuckets(backend('s3'));
  const platform = await startPlatform({
    ...buckets.environment,
    ...account.environment,
    MEDIACONVERT_POLL_SECONDS: '1',
    ...extra,
  });
  const encoder = startScriptedEncoder(platform);
  return {
    account,
    platform,
    async [Symbol.asyncDispose]() {
      await encoder.close();
      await platform[Symbol.asyncDispose]();
      account.close();
    },
  };
}
