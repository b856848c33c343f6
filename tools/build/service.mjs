// Bundles one service: `node tools/build/service.mjs <app>` writes dist/apps/<app>/main.js, one file that needs only Node.
import { build } from 'esbuild';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const app = process.argv[2];
if (!app) throw new Error('usage: node tools/build/service.mjs <app>');

await build({
  absWorkingDir: root,
  entryPoints: [`apps/${app}/src/main.ts`],
  outfile: `dist/apps/${app}/main.js`,
  tsconfig: 'tsconfig.base.json',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: 'linked',
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Optional drivers that knex and pg name but Kinora does not use.
  external: ['better-sqlite3', 'sqlite3', 'mysql', 'mysql2', 'mariadb', 'oracledb', 'tedious', 'pg-query-stream', 'pg-native', 'bun', 'libsql'],
});
