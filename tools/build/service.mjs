// Bundles one service: `node tools/build/service.mjs <app>` writes dist/apps/<app>/main.js, one file that needs only Node.
// Another program than an app is named by its folder: `node tools/build/service.mjs tools/images/trial/gateway`.
import { build } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packagesIn } from './packages.mjs';
import { variablesOf } from './variables.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const [, , app] = process.argv;
if (!app) throw new Error('usage: node tools/build/service.mjs <app>');
const folder = app.includes('/') ? app : `apps/${app}`;
const outfile = `dist/${folder}/main.js`;

/**
 * Modules of this workspace do nothing when they are loaded, so a service carries only what it uses of a lib: analytics has
 * no PostgreSQL client although libs/jobs has a relay. Memory is what that saves.
 */
const pureModules = {
  name: 'pure-modules',
  setup(bundler) {
    bundler.onResolve({ filter: /^(@kinora\/|\.)/ }, async ({ path: name, pluginData, ...rest }) => {
      if (pluginData === 'resolved' || !rest.importer.startsWith(root) || rest.importer.includes('node_modules'))
        return undefined;
      const found = await bundler.resolve(name, { ...rest, pluginData: 'resolved' });
      return found.errors.length > 0 ? found : { ...found, sideEffects: false };
    });
  },
};

/** Messages in fifty languages: ours are English, and what people read is written by the web application. */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(bundler) {
    bundler.onLoad({ filter: /zod\/v4\/locales\/index\.c?js$/ }, () => ({ contents: 'export {}' }));
  },
};

/** Dynalite names the modules of its operations without their ending, by which they are found in a bundle. */
const dynaliteOperations = {
  name: 'dynalite-operations',
  setup(bundler) {
    bundler.onLoad({ filter: /node_modules\/dynalite\/index\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(
        /require\(('\.\/\w+\/') \+ action\)/g,
        "require($1 + action + '.js')",
      ),
    }));
  },
};

// The server of the web application lies beside its pages.
const entry = ['src', 'server', '.']
  .map((inner) => path.posix.join(folder, inner, 'main.ts'))
  .find((file) => existsSync(path.join(root, file)));
if (!entry) throw new Error(`there is no service ${app}`);

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [entry],
  metafile: true,
  outfile,
  tsconfig: 'tsconfig.base.json',
  plugins: [pureModules, withoutZodLocales, dynaliteOperations],
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: 'linked',
  keepNames: true,
  // Names stay readable in stack traces; the text that V8 keeps in memory is half as long.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Optional drivers that knex and pg name but Kinora does not use.
  external: [
    'better-sqlite3',
    'sqlite3',
    'mysql',
    'mysql2',
    'mariadb',
    'oracledb',
    'tedious',
    'pg-query-stream',
    'pg-native',
    'bun',
    'libsql',
  ],
});

// Beside the bundle, not in it: what variables are for is read only when somebody asks.
const own = Object.keys(metafile.inputs).filter((file) => /^(apps|libs|tools)\/.*\.ts$/.test(file));
writeFileSync(
  path.join(root, path.dirname(outfile), 'variables.json'),
  JSON.stringify(variablesOf(own.map((file) => path.join(root, file))), undefined, 1),
);
// What an image's SBOM is made of.
writeFileSync(
  path.join(root, path.dirname(outfile), 'packages.json'),
  JSON.stringify(packagesIn(Object.keys(metafile.outputs[outfile].inputs)), undefined, 1),
);

// V8 keeps a text with one letter above U+00FF in two bytes a letter: 5 MB more a process. Strings are escaped, regular expressions are not.
// What a service is made of can be written another way; what only a trial runs is somebody else's.
const [wide] = /.{0,40}[\u0100-\uffff].{0,40}/.exec(readFileSync(path.join(root, outfile), 'utf8')) ?? [];
if (wide && folder.startsWith('apps/')) {
  console.error(`${outfile} is no longer one byte a letter; write this another way: ${wide}`);
  process.exit(1);
}
