const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folders of npm packages that files of a bundle come from (`node_modules/a/node_modules/@b/c`), each once, in order. */
export const packagesIn = (files) =>
  [...new Set(files.flatMap((file) => FOLDER.exec(file.replace(/^.*?(?=node_modules\/)/, ''))?.[0] ?? []))].sort();
