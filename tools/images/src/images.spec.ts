import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@kinora/testing';
import { packagesIn } from '../../build/packages.mjs';
import { mirrorsIn } from './base/debian';
import { nameOf, verdictOf } from './build-images';
import { chosen, IMAGES, isService, programsOf } from './catalogue';
import { wholeName } from './engine/buildah';
import { publicAddress } from './facts';
import { parseOptions } from './options';

const names = (options: Partial<{ only: string[]; services: boolean }>) =>
  chosen({ only: [], services: false, ...options }).map(({ name }) => name);

test('every app that runs has an image, and every program its source', () => {
  expect(names({ services: true })).toEqual([
    ...['auth', 'upload', 'transcode', 'encoder', 'catalog', 'analytics', 'edge', 'web'],
  ]);
  for (const program of programsOf(IMAGES))
    expect(['src', 'server', '.'].some((at) => existsSync(path.join(workspaceRoot, program, at, 'main.ts')))).toBe(
      true,
    );
});

test('only what runs ffmpeg carries it', () => {
  expect(IMAGES.filter(({ runtime }) => runtime === 'media').map(({ name }) => name)).toEqual(['transcode', 'encoder']);
});

test.each(IMAGES.map((image) => [image.name, image] as const))(
  '%s: its stages are in its Dockerfile',
  (_name, image) => {
    const text = readFileSync(path.join(workspaceRoot, image.dockerfile), 'utf8');
    expect(text).toMatch(new RegExp(` AS ${image.target}$`, 'm'));
    expect(text).toMatch(new RegExp(` AS ${image.runtime}$`, 'm'));
    expect(text.match(/^USER .*$/gm)).not.toContain('USER root');
  },
);

test('some are chosen by name; an unknown one is refused with those that there are', () => {
  expect(names({ only: ['redis', 'auth'] })).toEqual(['auth', 'redis']);
  expect(names({ only: ['redis', 'auth'], services: true })).toEqual(['auth']);
  expect(() => names({ only: ['auht'] })).toThrow('There is no image auht; it is one of auth,');
  expect(IMAGES.filter(isService)).toHaveLength(8);
});

test('options are read, and refused with a sentence', () => {
  expect(parseOptions(['--only', 'auth,web', '--only', 'edge', '--registry', 'r.test/x/'])).toMatchObject({
    only: ['auth', 'web', 'edge'],
    registry: 'r.test/x',
  });
  expect(() => parseOptions(['--tag', 'a b'])).toThrow(`"a b" can't be a tag`);
  expect(() => parseOptions(['--base', 'x'])).toThrow('--base is auto, registry or local');
});

test('names have the prefix of a registry, or are Docker Hub’s', () => {
  const [auth] = chosen({ only: ['auth'], services: false });
  expect(nameOf(auth!, '', '2')).toBe('kinora/auth:2');
  expect(nameOf(auth!, 'r.test:5000/x', '2')).toBe('r.test:5000/x/kinora/auth:2');
  expect(wholeName('kinora/auth:2')).toBe('docker.io/kinora/auth:2');
  expect(wholeName('r.test/kinora/auth:2')).toBe('r.test/kinora/auth:2');
  expect(wholeName('node:24')).toBe('docker.io/library/node:24');
});

test('an image beyond its bound is told', () => {
  const [image] = IMAGES;
  const verdict = (megabytes: number) => verdictOf({ image: image!, name: 'kinora/auth:2', id: '', megabytes });
  expect(verdict(image!.boundMb).fits).toBe(true);
  expect(verdict(image!.boundMb + 0.1)).toMatchObject({
    fits: false,
    line: expect.stringContaining('TOO LARGE') as string,
  });
});

test('the machine’s own mirrors are found in both formats, of the suite and not disabled', () => {
  const one = { name: 'a.list', text: '# x\ndeb [signed-by=/k] http://m.test/debian/ bookworm main\n' };
  const two = {
    name: 'b.sources',
    text: 'Types: deb\nURIs: http://off.test\nSuites: bookworm-security\nEnabled: no\n\nTypes: deb deb-src\nURIs: http://s.test/sec\nSuites: bookworm-security\n',
  };
  expect(mirrorsIn([one, two])).toEqual({ main: 'http://m.test/debian', security: 'http://s.test/sec' });
  expect(mirrorsIn([])).toEqual({
    main: 'http://deb.debian.org/debian',
    security: 'http://deb.debian.org/debian-security',
  });
});

test('the source’s address has no secrets in it', () => {
  expect(publicAddress('https://user:secret@git.test/a/b.git')).toBe('https://git.test/a/b');
  expect(publicAddress('git@git.test:a/b.git')).toBe('https://git.test/a/b');
  expect(publicAddress('/srv/git/b')).toBeUndefined();
  expect(publicAddress(undefined)).toBeUndefined();
});

test('modules are traced to the innermost package that they are in', () => {
  expect(
    packagesIn([
      '/w/node_modules/a/x.js',
      'node_modules/a/node_modules/@s/b/y/z.js',
      '/w/apps/c.ts',
      'node_modules/a/q.js',
    ]),
  ).toEqual(['node_modules/a', 'node_modules/a/node_modules/@s/b']);
});
