// `npm run new:service -- NAME` and `npm run new:lib -- NAME [--type pure|lib]`: a project in the house style that compiles and is tested.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { libFiles } from './templates/lib.mjs';
import { contractFiles, serviceFiles } from './templates/service.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { type: { type: 'string', default: 'lib' }, root: { type: 'string' } },
});
const [kind, name] = positionals;
const root = path.resolve(values.root ?? path.join(import.meta.dirname, '../..'));

function refuse(problem) {
  console.error(`${problem}\n\nusage: npm run new:service -- NAME\n       npm run new:lib -- NAME [--type lib|pure]`);
  process.exit(2);
}
if (kind !== 'service' && kind !== 'lib') refuse(`"${kind}" can't be made here`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) refuse('NAME must be in kebab-case');
if (!['lib', 'pure'].includes(values.type)) refuse(`--type is lib or pure, not "${values.type}"`);

const parts = kind === 'service' ? [contractFiles(name), serviceFiles(name)] : [libFiles(name, values.type)];
for (const { folder } of parts) if (existsSync(path.join(root, folder))) refuse(`${folder} is there already`);

const style = await resolveConfig(path.join(root, 'package.json'));
for (const { folder, files } of parts) {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(root, folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, await format(text, { ...style, filepath: target }));
    console.log(path.join(folder, file));
  }
}

/** Changes one file of the workspace and says so. */
function edit(file, change) {
  const target = path.join(root, file);
  writeFileSync(target, change(readFileSync(target, 'utf8')));
  console.log(`${file} (changed)`);
}
const lines = parts
  .filter(({ importName }) => importName)
  .map(({ folder, importName }) => `      "${importName}": ["./${folder}/src/index.ts"],\n`);
edit('tsconfig.base.json', (text) => text.replace(/("paths": \{\n)/, `$1${lines.join('')}`));
if (kind === 'service')
  edit('tools/graph/boundaries.mjs', (text) => text.replace(/(const scoped = \[)/, `$1'${name}', `));

if (kind === 'service') {
  console.log(`
Next: give it its place in the running platform: its name in tools/local/src/platform/services.ts, its variables in
environment.ts beside it, and its paths in tools/local/src/gateway/routes.ts. Then: npm test -- ${name}`);
} else console.log(`\nNext: npm test -- ${name}`);
