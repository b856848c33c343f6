import { freshDir } from '@kinora/testing';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
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
