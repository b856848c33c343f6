// `npm run config:check -- SERVICE` says how a service would read the environment of this shell, without starting it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const services = readdirSync(path.join(root, 'apps')).filter((app) =>
  ['src', 'server'].some((folder) => existsSync(path.join(root, 'apps', app, folder, 'main.ts'))),
);
const [service] = process.argv.slice(2);

if (service === '--list') {
  console.log(services.join('\n'));
} else if (!services.includes(service)) {
  console.error(
    `usage: npm run config:check -- SERVICE, which is one of ${services.join(', ')}\n       npm run config:check -- --list`,
  );
  process.exitCode = 2;
} else {
  const node = path.join(root, 'node_modules/node/bin/node');
  const run = (...args) => spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
  const built = run('tools/build/service.mjs', service);
  process.exitCode = built === 0 ? run(`dist/apps/${service}/main.js`, '--check-config') : built;
}
