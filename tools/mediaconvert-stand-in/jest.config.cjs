module.exports = require('../../jest.preset.cjs')(__dirname, 'mediaconvert-stand-in');
