// Suites that look at what Helm renders run under `npm run check:chart`, which brings Helm and renders.
const rendered = '\\.chart\\.spec\\.ts$';

module.exports = require('../../jest.preset.cjs')(__dirname, 'charts', {
  ...(!process.env['KINORA_CHARTS'] && { testPathIgnorePatterns: ['/node_modules/', rendered] }),
});
