import { camel, projectFiles } from './common.mjs';

/** A library: one function and its test, to be replaced. */
export function libFiles(name, type) {
  const folder = `libs/${name}`;
  return {
    folder,
    importName: `@kinora/${name}`,
    files: {
      ...projectFiles({ name, folder, kind: 'library', tags: [`type:${type}`, 'scope:shared'] }),
      'src/index.ts': `export * from './${name}';\n`,
      [`src/${name}.ts`]: `/** Says what this library is for. */\nexport const ${camel(name)} = (): string => '${name}';\n`,
      [`src/${name}.spec.ts`]: `import { ${camel(name)} } from './${name}';\n\nit('has a name', () => {\n  expect(${camel(name)}()).toBe('${name}');\n});\n`,
    },
  };
}
