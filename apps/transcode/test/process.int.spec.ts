import { videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { type Child, eventually, freePort, media, nodeBinary, startChild, workspaceRoot } from '@kinora/testing';
import path from 'node:path';
import { type Platform, startPlatform } from './support/platform';
import { type ScriptedEncoder, startScriptedEncoder } from './support/scripted-encoder';

jest.setTimeout(180_000);

let platform: Platform;
let encoder: ScriptedEncoder | undefined;
let child: Child | undefined;
let environment: Record<string, string>;

const run = (env: Record<string, string> = environment) =>
  startChild({
    name: 'transcode',
    command: nodeBinary(),
    args: [path.join(workspaceRoot, 'dist/apps/transcode/main.js')],
    env,
  });
const isReady = () =>
  eventually(async () => (await fetch(`${platform.url()}/readyz`)).ok, { timeoutMs: 30_000, label: 'readyz' });

beforeAll(async () => {
  const args = [path.join(workspaceRoot, 'tools/build/service.mjs'), 'transcode'];
  const build = startChild({ name: 'build', command: nodeBinary(), args });
  expect(await build.exited).toMatchObject({ code: 0 });
  platform = await startPlatform();
  await platform.stop();
  const port = await freePort();
  platform.use(`http://127.0.0.1:${port}`);
  environment = { ...platform.environment, PORT: String(port), LOG_LEVEL: 'info' };
});
afterAll(async () => {
  await encoder?.close();
  await child?.stop();
  await platform[Symbol.asyncDispose]();
});

it('names all that is missing in its configuration, and leaves', async () => {
  const broken = run({ PATH: environment['PATH'] ?? '' });
  expect(await broken.exited).toMatchObject({ code: 1 });
  expect(broken.tail()).toMatch(/DATABASE_URL.*REDIS_URL.*KINORA_CATALOG_URL/s);
});

it('finishes after kill -9 at every stage', async () => {
  child = run();
  await isReady();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reached = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let stage = 0;
  encoder = startScriptedEncoder(platform, async (step) => {
    if (step.kind !== 'chunk' || stage > 0) return;
    stage = 1;
    reached[0]?.resolve();
    await gates[0]?.promise;
    await step.report([1], 0.2);
    reached[1]?.resolve();
    await gates[1]?.promise;
  });
  const { videoId } = await platform.upload(await media.mp4({ seconds: 10 }));
  // Before anything was reported.
  await reached[0]?.promise;
  child.kill('SIGKILL');
  await child.exited;
  child = run();
  await isReady();
  gates[0]?.resolve();
  // After the first segment, most likely with the manifests half-way.
  await reached[1]?.promise;
  child.kill('SIGKILL');
  await child.exited;
  child = run();
  await isReady();
  gates[1]?.resolve();
  await platform.until(videoReady, videoId, 60_000);
  expect(platform.told(videoPlayable, videoId)).toHaveLength(1);
  expect(platform.told(videoReady, videoId)).toHaveLength(1);
});

it('shows its health, its metrics and its reference, and stops in time', async () => {
  const get = async (where: string) => (await fetch(`${platform.url()}${where}`)).text();
  expect(await get('/healthz')).toContain('ok');
  expect(await get('/metrics')).toMatch(/queue_jobs\{queue="encode",state="active"/);
  expect(await get('/openapi.json')).toContain('/v1/videos/{videoId}/encoding/retry');
  expect(await get('/openapi.json')).not.toContain('/internal/');
  const began = Date.now();
  expect(await child?.stop()).toMatchObject({ code: 0 });
  expect(Date.now() - began).toBeLessThan(8_000);
});
