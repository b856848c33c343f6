// Bundles one service: `node tools/build/service.mjs <app>` writes dist/apps/<app>/main.js, one file that needs only Node.
import { build } from 'esbuild';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const app = process.argv[2];
if (!app) throw new Error('usage: node tools/build/service.mjs <app>');

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

await build({
  absWorkingDir: root,
  entryPoints: [`apps/${app}/src/main.ts`],
  outfile: `dist/apps/${app}/main.js`,
  tsconfig: 'tsconfig.base.json',
  plugins: [pureModules],
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
