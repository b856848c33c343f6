import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir, nodeBinary, workspaceRoot } from '@kinora/testing';

interface Sources {
  tags: string[];
  files: Record<string, string>;
}

/** Writes a small workspace and checks it. */
function check(projects: Record<string, Sources>): Promise<{ status: number; output: string }> {
  const root = freshDir();
  const names = Object.keys(projects).map((folder) => [
    `@kinora/${path.basename(folder)}`,
    [`./${folder}/src/index.ts`],
  ]);
  writeFileSync(
    path.join(root, 'tsconfig.base.json'),
    JSON.stringify({ compilerOptions: { paths: Object.fromEntries(names) as object } }),
  );
  for (const [folder, { tags, files }] of Object.entries(projects)) {
    mkdirSync(path.join(root, folder, 'src'), { recursive: true });
    writeFileSync(path.join(root, folder, 'project.json'), JSON.stringify({ name: path.basename(folder), tags }));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, folder, 'src', name), text);
  }
  return run(['--root', root]);
}

function run(args: string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    execFile(nodeBinary(), [path.join(workspaceRoot, 'tools/graph/check.mjs'), ...args], (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

const service = { tags: ['type:lib', 'scope:shared'], files: { 'index.ts': `import express from 'express';` } };
const contract = { tags: ['type:contract', 'scope:catalog'], files: { 'index.ts': `import { z } from 'zod';` } };
const app = (scope: string, source: string) => ({ tags: ['type:app', `scope:${scope}`], files: { 'main.ts': source } });

jest.setTimeout(60_000);

it('passes a workspace whose arrows are allowed', async () => {
  const { status, output } = await check({
    'libs/service': service,
    'libs/contracts/catalog': contract,
    'apps/upload': app('upload', `import '@kinora/service'; import { type Video } from '@kinora/catalog';`),
  });
  expect(output).toContain('3 projects, 2 arrows, 0 problems');
  expect(status).toBe(0);
});

it.each([
  ['an app that imports an app', `import '@kinora/auth';`, 'upload (type:app) may not depend on auth'],
  ['… by a dynamic import', `export const later = () => import('@kinora/auth');`, 'may not depend on auth'],
  ['… by a path', `export * from '../../auth/src/main';`, 'reaches into auth by a path'],
])('fails on %s', async (_name, source, problem) => {
  const { status, output } = await check({
    'apps/auth': app('auth', 'export {};'),
    'apps/upload': app('upload', source),
  });
  expect(output).toContain(problem);
  expect(status).toBe(1);
});

it('fails on a shared library that knows a service', async () => {
  const mine = { tags: ['type:lib', 'scope:catalog'], files: { 'index.ts': 'export {};' } };
  const shared = { tags: ['type:lib', 'scope:shared'], files: { 'index.ts': `import '@kinora/mine';` } };
  const { output } = await check({ 'libs/mine': mine, 'libs/shared': shared });
  expect(output).toContain('shared (scope:shared) may not depend on mine');
});

it('fails on I/O in what is pure, and on anything but zod in a contract', async () => {
  const pure = {
    tags: ['type:pure', 'scope:shared'],
    files: { 'index.ts': `import { S3Client } from '@aws-sdk/client-s3';` },
  };
  const heavy = { tags: ['type:contract', 'scope:auth'], files: { 'index.ts': `const express = require('express');` } };
  const { output } = await check({ 'libs/pure': pure, 'libs/heavy': heavy });
  expect(output).toContain('imports @aws-sdk/client-s3, which type:pure may not');
  expect(output).toContain('imports express, which type:contract may not');
});

it('fails on tags that are missing, double or unknown', async () => {
  const { output, status } = await check({
    'libs/untagged': { tags: [], files: {} },
    'libs/double': { tags: ['type:lib', 'type:pure', 'scope:shared'], files: {} },
    'libs/odd': { tags: ['type:lib', 'scope:everything'], files: {} },
  });
  expect(output).toContain('untagged must have exactly one type: tag, and has 0');
  expect(output).toContain('double must have exactly one type: tag, and has 2');
  expect(output).toContain('odd has the tag "scope:everything", which no rule knows');
  expect(status).toBe(1);
});

it('knows a project inside another one', async () => {
  const { output, status } = await check({
    'libs/service': service,
    'apps/page': { tags: ['type:web', 'scope:web'], files: { 'main.ts': 'export {};' } },
    'apps/page/server': app('web', `import '@kinora/service';`),
  });
  expect(output).toContain('3 projects, 1 arrows, 0 problems');
  expect(status).toBe(0);
});

it('looks at this workspace', async () => {
  const { output } = await run([]);
  expect(output).toMatch(/\d\d projects, \d+ arrows, \d+ problems/);
});
