import { freshDir } from '@kinora/testing';
import { appendFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Joiner, type PartOnDisk } from './joiner';

function folderWith(...texts: string[]) {
  const folder = freshDir('joiner');
  const part = (name: string, text: string): PartOnDisk => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return { file, size: text.length };
  };
  const parts = texts.map((text, n) => part(`part-${n + 1}`, text));
  const early = () => readdirSync(folder).filter((name) => /^join/.test(name) && name !== 'joined');
  return {
    ...{ folder, part, parts, early },
    /** Sizes of what was joined before it was asked for. */
    sizes: () => early().map((name) => statSync(path.join(folder, name)).size),
    result: () => readFileSync(path.join(folder, 'joined'), 'utf8'),
  };
}

it('joins what comes, whatever the order, so that another process has nothing left to do', async () => {
  const { folder, parts, early, sizes, result } = folderWith('one', 'two', 'three');
  const joiner = new Joiner(false);
  await joiner.arrived(folder, 2, parts[1]?.file ?? '');
  expect(sizes()).toEqual([]);
  await joiner.arrived(folder, 1, parts[0]?.file ?? '');
  expect(sizes()).toEqual([6]);
  await joiner.arrived(folder, 3, parts[2]?.file ?? '');
  expect(sizes()).toEqual([11]);
  // Were it copied again, this would be in it.
  appendFileSync(parts[0]?.file ?? '', '!');
  await new Joiner(false).join(folder, parts);
  expect(result()).toBe('onetwothree');
  expect(early()).toEqual([]);
});

it('joins the rest when some came elsewhere', async () => {
  const { folder, parts, result } = folderWith('one', 'two', 'three');
  const [here, there] = [new Joiner(false), new Joiner(false)];
  await here.arrived(folder, 1, parts[0]?.file ?? '');
  await there.arrived(folder, 2, parts[1]?.file ?? '');
  await here.arrived(folder, 3, parts[2]?.file ?? '');
  await there.join(folder, parts);
  expect(result()).toBe('onetwothree');
});

it('begins again when a part was sent again, is not wanted, or what is there is not whole', async () => {
  const { folder, part, parts, early, result } = folderWith('one', 'two');
  const joiner = new Joiner(false);
  const send = async () => {
    for (const [n, { file }] of parts.entries()) await joiner.arrived(folder, n + 1, file);
  };
  await send();
  const again = part('part-1-again', 'ONE');
  await joiner.arrived(folder, 1, again.file);
  await joiner.join(folder, [again, ...parts.slice(1)]);
  expect(result()).toBe('ONEtwo');

  await joiner.join(folder, parts.slice(0, 1));
  expect(result()).toBe('one');

  const [left] = early();
  appendFileSync(path.join(folder, left ?? ''), 'more');
  await joiner.join(folder, parts);
  expect(result()).toBe('onetwo');
});
