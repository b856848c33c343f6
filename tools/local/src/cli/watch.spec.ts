import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir } from '@kinora/testing';
import { affected, changedFiles, fileTimes } from './watch';

it.each([
  ['apps/catalog/src/main.ts', ['catalog']],
  ['apps/web/src/pages/watch.tsx', []],
  ['apps/web/src/server/main.ts', ['web']],
  ['apps/e2e/test/x.ts', []],
])('%s is part of %p', (file, services) => {
  expect(affected(file)).toEqual(services);
});

it('takes a library to be part of every service', () => {
  expect(affected('libs/service/src/app.ts')).toContain('edge');
});

it('notices new, changed, replaced and deleted files, but not tests', () => {
  const folder = freshDir();
  const file = (name: string) => path.join(folder, name);
  mkdirSync(file('test'));
  for (const name of ['a.ts', 'b.ts', 'c.ts', 'd.spec.ts', 'test/e.ts']) writeFileSync(file(name), '');
  const before = fileTimes([folder]);
  expect([...before.keys()].map((one) => path.basename(one))).toEqual(['a.ts', 'b.ts', 'c.ts']);
  utimesSync(file('a.ts'), 1, 1);
  writeFileSync(file('b.ts.new'), 'replaced as editors do it');
  utimesSync(file('b.ts.new'), 2, 2);
  renameSync(file('b.ts.new'), file('b.ts'));
  rmSync(file('c.ts'));
  writeFileSync(file('f.ts'), '');
  expect(changedFiles(before, fileTimes([folder])).map((one) => path.basename(one))).toEqual([
    'a.ts',
    'b.ts',
    'f.ts',
    'c.ts',
  ]);
});
