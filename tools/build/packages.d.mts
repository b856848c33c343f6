/** The folders of npm packages that modules come from (`node_modules/a/node_modules/@b/c`), each once, in order. */
export declare function packagesIn(modules: readonly string[]): string[];
