const path = require('node:path');
const { compilerOptions } = require('../../tsconfig.base.json');

const root = path.resolve(__dirname, '../..');

/** The workspace's import names (`tsconfig.base.json` is their only list) as a Jest `moduleNameMapper`. */
exports.pathsToModuleNameMapper = () =>
  Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, [file]]) => [`^${name}$`, path.join(root, file)]),
  );

/** The same names as bundler aliases, longest first so that `@kinora/storage/conformance` wins over `@kinora/storage`. */
exports.aliases = () =>
  Object.fromEntries(
    Object.entries(compilerOptions.paths)
      .sort(([a], [b]) => b.length - a.length)
      .map(([name, [file]]) => [name, path.join(root, file)]),
  );
