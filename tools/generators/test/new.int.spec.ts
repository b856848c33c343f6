import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { freshDir, nodeBinary, workspaceRoot } from '@kinora/testing';

jest.setTimeout(180_000);

/** A workspace with the shared libraries of this one, to generate into. */
function workspace(): string {
  const root = freshDir();
  const copied = [
    'libs/contracts/common',
    'libs/contracts/auth',
    'libs/service',
    'tools/build',
    'tools/graph',
    'tsconfig.base.json',
    'jest.preset.cjs',
    'package.json',
    '.prettierrc.json',
  ];
  for (const entry of copied) {
    mkdirSync(path.dirname(path.join(root, entry)), { recursive: true });
    cpSync(path.join(workspaceRoot, entry), path.join(root, entry), { recursive: true });
  }
  symlinkSync(path.join(workspaceRoot, 'node_modules'), path.join(root, 'node_modules'));
  return root;
}

function run(cwd: string, ...args: string[]): Promise<{ status: number; output: string }> {
  // This test runs inside Jest; the one that it starts must not take itself for one of its workers.
  const { JEST_WORKER_ID: _worker, ...env } = process.env;
  return new Promise((resolve) => {
    // Plain text, whatever the terminal or Nx asks for.
    execFile(nodeBinary(), args, { cwd, env: { ...env, FORCE_COLOR: '0' } }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

const generate = (root: string, ...args: string[]) =>
  run(workspaceRoot, path.join(workspaceRoot, 'tools/generators/new.mjs'), ...args, '--root', root);
const bin = (name: string) => path.join(workspaceRoot, 'node_modules', name);

async function expectSound(root: string, folder: string): Promise<void> {
  expect(await run(root, bin('typescript/bin/tsc'), '-p', `${folder}/tsconfig.json`)).toEqual({
    status: 0,
    output: '',
  });
  const tests = await run(
    root,
    '--experimental-vm-modules',
    bin('jest/bin/jest.js'),
    '-c',
    `${folder}/jest.config.cjs`,
    '--rootDir',
    path.join(root, folder),
  );
  expect(tests.output).toContain('Test Suites: 1 passed');
  expect((await run(root, bin('prettier/bin/prettier.cjs'), '--check', folder)).status).toBe(0);
}

it('makes a service that compiles, passes its test, and keeps to the boundaries', async () => {
  const root = workspace();
  expect((await generate(root, 'service', 'speech-to-text')).output).toContain('apps/speech-to-text/src/main.ts');
  await expectSound(root, 'apps/speech-to-text');
  const bundled = await run(root, 'tools/build/service.mjs', 'speech-to-text');
  expect(bundled).toEqual({ status: 0, output: '' });
  const graph = await run(root, path.join(root, 'tools/graph/check.mjs'), '--root', root);
  expect(graph.output).toContain(' 0 problems');
});

it('makes a library that compiles and passes its test', async () => {
  const root = workspace();
  expect((await generate(root, 'lib', 'colour-space', '--type', 'pure')).status).toBe(0);
  await expectSound(root, 'libs/colour-space');
  expect(JSON.parse(readFileSync(path.join(root, 'libs/colour-space/project.json'), 'utf8'))).toMatchObject({
    tags: ['type:pure', 'scope:shared'],
  });
});

it.each([
  [['service', 'NotKebab'], 'kebab-case'],
  [['lib', 'service'], 'is there already'],
  [['page', 'x'], "can't be made here"],
  [['lib', 'x', '--type', 'app'], '--type'],
])('refuses %p', async (args, problem) => {
  const { status, output } = await generate(workspace(), ...args);
  expect([status, output]).toEqual([2, expect.stringContaining(problem)]);
});
