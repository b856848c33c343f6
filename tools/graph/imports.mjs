import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** The workspace's import names: `@kinora/x` to the file it stands for. */
export function readImportNames(root) {
  const { compilerOptions } = JSON.parse(readFileSync(path.join(root, 'tsconfig.base.json'), 'utf8'));
  return new Map(Object.entries(compilerOptions.paths ?? {}).map(([name, [file]]) => [name, path.resolve(root, file)]));
}

/**
 * What a file imports (statically, dynamically, or by require), as `{ specifier, file }` for something in the
 * workspace and `{ specifier, package }` for something from npm. Node's own modules are left out.
 */
export function importsOf(file, names) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName: specifier }) => {
    if (specifier.startsWith('.')) return [{ specifier, file: path.resolve(path.dirname(file), specifier) }];
    if (names.has(specifier)) return [{ specifier, file: names.get(specifier) }];
    if (isBuiltin(specifier) || specifier.startsWith('/') || specifier.includes(':')) return [];
    const parts = specifier.split('/');
    return [{ specifier, package: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') }];
  });
}
