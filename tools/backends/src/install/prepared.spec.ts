import { freshDir } from '@kinora/testing';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepared } from './prepared';

const home = freshDir('cache');
beforeAll(() => (process.env['KINORA_CACHE_DIR'] = home));
afterAll(() => delete process.env['KINORA_CACHE_DIR']);

const write = (folder: string) => Promise.resolve(writeFileSync(path.join(folder, 'program'), 'x'));

it('makes a folder once', async () => {
  const make = jest.fn(write);
  const folder = await prepared('one-1.0', make);
  expect(readdirSync(folder)).toEqual(['program']);
  expect(await prepared('one-1.0', make)).toBe(folder);
  expect(make).toHaveBeenCalledTimes(1);
});

it('takes no notice of what a process that died has left, and removes it', async () => {
  const { pid } = spawnSync('true');
  const left = path.join(home, 'backends', `three-1.0.${pid}.half`);
  mkdirSync(left);
  await write(left);
  const folder = await prepared('three-1.0', (half) => Promise.resolve(writeFileSync(path.join(half, 'other'), 'x')));
  expect(readdirSync(folder)).toEqual(['other']);
  expect(existsSync(left)).toBe(false);
});

it('waits for another process that makes the same', async () => {
  const other = spawn('sleep', ['60']);
  const half = path.join(home, 'backends', `four-1.0.${other.pid}.half`);
  mkdirSync(half);
  await write(half);
  const make = jest.fn(write);
  const waiting = prepared('four-1.0', make);
  renameSync(half, path.join(home, 'backends', 'four-1.0'));
  expect(readdirSync(await waiting)).toEqual(['program']);
  expect(make).not.toHaveBeenCalled();
  other.kill();
});

it('leaves nothing of what was not completed', async () => {
  await expect(
    prepared('two-1.0', async (folder) => {
      await write(folder);
      throw new Error('the network is gone');
    }),
  ).rejects.toThrow('the network is gone');
  expect(existsSync(path.join(home, 'backends', 'two-1.0'))).toBe(false);
  expect(readdirSync(path.join(home, 'backends')).filter((name) => name.endsWith('.half'))).toEqual([]);
});
