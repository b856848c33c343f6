import { nodeBinary, workspaceRoot } from '@kinora/testing';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const check = (args: string[], env: Record<string, string> = {}) => {
  const program = path.join(workspaceRoot, 'tools/build/config-check.mjs');
  const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } } as const;
  const { status, stdout, stderr } = spawnSync(nodeBinary(), [program, ...args], options);
  return { status, stdout, stderr };
};

const SECRET = 'a secret that nobody may read';
/** All that an encoder must be told. */
const complete = {
  KINORA_PUBLIC_URL: 'http://localhost:8080',
  REDIS_URL: 'redis://127.0.0.1:1',
  KINORA_AUTH_URL: 'http://127.0.0.1:1',
  KINORA_TRANSCODE_URL: 'http://127.0.0.1:1',
  KINORA_SERVICE_SECRET: SECRET,
  STORAGE_DRIVER: 's3',
  AWS_REGION: 'eu-central-1',
  S3_BUCKET_STAGING: 'staging',
  S3_BUCKET_RAW: 'raw',
  S3_BUCKET_DISTRIBUTION: 'distribution',
};

it('lists the services, and says so when there is none of that name', () => {
  const { status, stdout } = check(['--list']);
  expect([status, stdout.split('\n')]).toEqual([0, expect.arrayContaining(['auth', 'upload', 'encoder', 'web'])]);
  const unknown = check(['nothing']);
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('one of analytics, auth')]);
});

it('finds a complete configuration complete, without a connection to anything, and shows nobody’s secrets', () => {
  const { status, stdout } = check(['encoder'], complete);
  expect(stdout).toMatch(/^encoder: the configuration is complete\n/);
  expect(stdout).toMatch(/^ {2}default {2}FFMPEG_PATH +ffmpeg$/m);
  expect(stdout).toMatch(/^ {2}set {6}S3_BUCKET_RAW +Bucket of sources\.$/m);
  expect(stdout).not.toContain(SECRET);
  expect(status).toBe(0);
});

it('names every variable that is missing or wrong, and those that don’t go together', () => {
  const { REDIS_URL: _, ...rest } = complete;
  const { status, stdout } = check(['encoder'], {
    ...rest,
    ENCODER_CONCURRENCY: '65',
    S3_FORCE_PATH_STYLE: 'true',
    STORAGE_S3_ACCELERATE: 'true',
  });
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    'encoder: 3 problems',
    '  STORAGE_S3_ACCELERATE and S3_FORCE_PATH_STYLE exclude each other',
    expect.stringMatching(/^ {2}missing {2}REDIS_URL/),
    expect.stringMatching(/^ {2}wrong {4}ENCODER_CONCURRENCY .*<=64 — Jobs at a time: as many as there are cores/),
  ]);
  expect(status).toBe(1);
});
