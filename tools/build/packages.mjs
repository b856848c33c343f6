/**
 * The folders of npm packages that modules come from (`node_modules/a/node_modules/@b/c`), each once, in order.
 * @param {readonly string[]} modules paths, absolute or not
 * @returns {string[]}
 */
export const packagesIn = (modules) =>
  [
    ...new Set(
      modules.flatMap((file) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
    ),
  ].sort();
