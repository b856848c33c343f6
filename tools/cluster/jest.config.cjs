module.exports = require('../../jest.preset.cjs')(__dirname, 'cluster', {
  // What one suite installs, the next one upgrades: they run in the order of their names.
  testSequencer: `${__dirname}/test/support/by-name.cjs`,
  // A rollout on a machine with other work takes minutes.
  testTimeout: process.env['KINORA_CLUSTER'] ? 900_000 : 30_000,
});
