/** The three files that make a folder an Nx project. `up` is the way to the root, such as `../..`. */
export const projectFiles = ({ name, folder, kind, tags, build }) => {
  const up = folder
    .split('/')
    .map(() => '..')
    .join('/');
  const targets = { lint: {}, typecheck: {}, test: {}, ...(build && { build: { options: { command: build } } }) };
  return {
    'project.json': `{
  "$schema": "${up}/node_modules/nx/schemas/project-schema.json",
  "name": "${name}",
  "projectType": "${kind}",
  "sourceRoot": "${folder}/src",
  "tags": ${JSON.stringify(tags).replace(',', ', ')},
  "targets": ${JSON.stringify(targets)
    .replace(/([:,{])(?=["{])/g, '$1 ')
    .replace(/}/g, ' }')
    .replace(/{ {2}}/g, '{}')
    .replace(/{ }/g, '{}')}
}
`,
    'tsconfig.json': `{ "extends": "${up}/tsconfig.base.json", "include": ["src", "test", "migrations"] }\n`,
    'jest.config.cjs': `module.exports = require('${up}/jest.preset.cjs')(__dirname, '${name}');\n`,
  };
};

export const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
export const pascal = (name) => camel(name).replace(/^./, (letter) => letter.toUpperCase());
