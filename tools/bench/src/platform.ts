import { type Platform, type PlatformOptions, startPlatform } from '@kinora/local';
import { freshDir } from '@kinora/testing';

/** The platform as `npm start` runs it, on a fresh folder, for as long as it is in use (`await using`). */
export async function wholePlatform(
  options: Pick<PlatformOptions, 'env' | 'nodeFlags'> = {},
): Promise<Platform & AsyncDisposable> {
  const platform = await startPlatform({ ...options, dataDir: freshDir('bench'), port: 0 });
  return { ...platform, [Symbol.asyncDispose]: () => platform.stop() };
}
