import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { provideBase } from './src/base/base';
import { buildBundles, buildImage, nameOf, TooLarge, verdictOf } from './src/build-images';
import { chosen } from './src/catalogue';
import { checkImage } from './src/check';
import { chooseEngine } from './src/engine/choose';
import { gatherFacts } from './src/facts';
import { parseOptions, USAGE } from './src/options';

const say = (line: string): void => console.log(line);

async function main(args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.help) return say(USAGE);
  const images = chosen(options);
  const facts = await gatherFacts(options.tag);
  const named = images.map((image) => ({ image, name: nameOf(image, options.registry, facts.version) }));
  if (options.list) return say(named.map(({ name }) => name).join('\n'));

  const engine = await chooseEngine(options.engine);
  say(`images by ${engine.name}, version ${facts.version}, revision ${facts.revision ?? 'unknown'}`);
  await provideBase(engine, options.base, say);
  await buildBundles(images);
  const tooLarge: string[] = [];
  for (const { image, name } of named) {
    const { line, fits } = verdictOf(await buildImage(engine, image, name, facts));
    say(line);
    if (!fits) tooLarge.push(name);
    if (options.check) await checkImage(engine, image, name);
  }
  if (tooLarge.length > 0)
    throw new TooLarge(`larger than tools/images/src/catalogue.ts allows: ${tooLarge.join(', ')}`);
  if (options.archive !== undefined) {
    const file = path.resolve(options.archive, 'kinora.tar');
    await mkdir(path.dirname(file), { recursive: true });
    await engine.save(
      named.map(({ name }) => name),
      file,
    );
    say(`archive ${file}`);
  }
}

// The processes that are waited for don't keep this one alive by themselves.
setInterval(() => undefined, 60_000);
main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
