const { pathsToModuleNameMapper } = require('./tools/build/paths.cjs');

/**
 * One Jest project per Nx project. Tests run as CommonJS; packages that ship only ES modules are transformed too.
 * @param {string} dir the project's folder
 * @param {string} name the project's name, shown beside each test file
 * @param {import('jest').Config} [extra]
 */
module.exports = (dir, name, extra = {}) => ({
  displayName: name,
  rootDir: dir,
  testEnvironment: 'node',
  testMatch: process.env['KINORA_FAULTS']
    ? ['<rootDir>/**/*.fault.spec.ts']
    : ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.spec.tsx'],
  // Suites against the servers that stand in for AWS run under `npm run test:backends`, which starts those servers; those that break
  // what they run on, under `npm run test:faults`; and those that need a Kubernetes, under `npm run test:cluster`.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env['KINORA_BACKENDS'] ? [] : ['\\.aws\\.spec\\.ts$']),
    ...(process.env['KINORA_FAULTS'] ? [] : ['\\.fault\\.spec\\.ts$']),
    ...(process.env['KINORA_CLUSTER'] ? [] : ['\\.cluster\\.spec\\.ts$']),
  ],
  // Calls to those servers are recorded by suite.
  setupFilesAfterEnv: process.env['KINORA_BACKENDS'] ? [`${__dirname}/tools/backends/jest/name-suite.cjs`] : [],
  moduleNameMapper: pathsToModuleNameMapper(),
  transform: {
    '^.+\\.(m?[jt]sx?)$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', tsx: true, explicitResourceManagement: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // ES-module-only packages; everything else in node_modules is left as it is.
  transformIgnorePatterns: [
    '/node_modules/(?!(execa|figures|is-plain-obj|is-stream|is-unicode-supported|npm-run-path|path-key|parse-ms|pretty-ms|strip-final-newline|unicorn-magic|yoctocolors|get-stream|human-signals|@sindresorhus|@sec-ant|jose|ulid|@tus|srvx|lru-cache|http-proxy-3|p-retry|is-network-error|nanoid)/)',
  ],
  extensionsToTreatAsEsm: [],
  maxWorkers: 2,
  // Room for starting real servers on a busy machine.
  testTimeout: 30_000,
  // A test that failed half-way may leave a server open; the run must come to its end all the same.
  forceExit: true,
  ...extra,
});
