const { rmSync } = require('node:fs');

/** Ends the platform as Ctrl-C would, and insists that it goes in time. */
module.exports = async () => {
  const { child, data } = globalThis.kinoraPlatform;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const since = Date.now();
  child.kill('SIGTERM');
  await exited;
  const seconds = (Date.now() - since) / 1000;
  if (seconds > 15) throw new Error(`the platform took ${seconds} s to stop`);
  if (!process.env.KINORA_E2E_KEEP) rmSync(data, { recursive: true, force: true });
};
