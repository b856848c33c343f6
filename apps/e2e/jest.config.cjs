// One platform, started as a newcomer would start it, serves all journeys; encoding wants the cores for itself.
module.exports = require('../../jest.preset.cjs')(__dirname, 'e2e', {
  globalSetup: '<rootDir>/support/start-platform.cjs',
  globalTeardown: '<rootDir>/support/stop-platform.cjs',
  maxWorkers: 1,
  testTimeout: 180_000,
});
