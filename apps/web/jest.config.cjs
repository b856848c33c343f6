// The server beside the page is a project of its own.
module.exports = require('../../jest.preset.cjs')(__dirname, 'web', {
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/server/'],
});
