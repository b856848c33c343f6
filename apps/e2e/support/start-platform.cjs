const { spawn } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const root = path.resolve(__dirname, '../../..');

/** Runs `npm start -- --json` on a free port and a folder of its own, and waits until it says that it is ready. */
module.exports = async () => {
  const data = mkdtempSync(path.join(os.tmpdir(), 'kinora e2e '));
  const child = spawn(
    'node',
    [path.join(root, 'tools/local/bootstrap.mjs'), 'start', '--json', '--port', '0', '--data', data],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ready = await new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`the platform ended with status ${code} before it was ready; see ${data}/logs`)),
    );
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const report = JSON.parse(line);
      if (report.step === 'failed') reject(new Error(report.message));
      if (report.step === 'ready-to-use') resolve(report);
    });
  });
  globalThis.kinoraPlatform = { child, data };
  process.env.KINORA_E2E = JSON.stringify(ready);
};
