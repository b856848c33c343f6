// One platform, started as a newcomer would start it, serves all journeys; encoding wants the cores for itself. Journeys through
// what stands in for AWS start one of their own.
const shared = process.env['KINORA_BACKENDS']
  ? {}
  : {
      globalSetup: '<rootDir>/support/start-platform.cjs',
      globalTeardown: '<rootDir>/support/stop-platform.cjs',
    };
module.exports = require('../../jest.preset.cjs')(__dirname, 'e2e', {
  ...shared,
  maxWorkers: 1,
  testTimeout: 180_000,
});
