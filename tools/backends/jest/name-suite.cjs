/* global expect -- Jest gives it to each test file */
const path = require('node:path');

// The name under which the AWS SDK calls, for the record of calls: the project's, then the suite's.
const suite = path.basename(expect.getState().testPath).replace(/(\.aws)?\.spec\.tsx?$/, '');
process.env.AWS_SDK_UA_APP_ID = `${process.env.AWS_SDK_UA_APP_ID}#${suite}`.slice(0, 50);
