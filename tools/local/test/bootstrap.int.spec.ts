import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freshDir, nodeBinary, workspaceRoot } from '@kinora/testing';

const local = path.join(workspaceRoot, 'tools/local');

function node(
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(nodeBinary(), args, { env, cwd }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
// Nx asks for colours, also where a test reads what is written.
const evaluate = async (code: string) =>
  node(['--input-type=module', '-e', code], { ...process.env, FORCE_COLOR: '0' });

describe('the bootstrap', () => {
  it('names the Node it needs', async () => {
    const check = (version: string) =>
      evaluate(`import { checkNode } from '${local}/bootstrap/node-version.mjs'; checkNode('${version}')`);
    expect((await check('20.19.0')).status).toBe(0);
    expect((await check('24.1.0')).status).toBe(0);
    expect((await check('20.18.3')).stderr).toContain('needs Node 20.19 or newer');
    expect((await check('18.20.0')).status).not.toBe(0);
  });

  it('knows whether node_modules is what the lock says', async () => {
    const root = freshDir();
    const installed = async () =>
      (
        await evaluate(
          `import { isInstalled } from '${local}/bootstrap/modules.mjs'; console.log(isInstalled('${root}'))`,
        )
      ).stdout.trim();
    const lock = (version: string) =>
      JSON.stringify({
        packages: {
          '': {},
          'node_modules/a': { version },
          'node_modules/mac-only': { version: '1.0.0', optional: true },
        },
      });
    writeFileSync(path.join(root, 'package-lock.json'), lock('1.0.0'));
    expect(await installed()).toBe('false');
    mkdirSync(path.join(root, 'node_modules/node/bin'), { recursive: true });
    writeFileSync(path.join(root, 'node_modules/node/bin/node'), '');
    writeFileSync(
      path.join(root, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    );
    expect(await installed()).toBe('true');
    writeFileSync(path.join(root, 'package-lock.json'), lock('1.0.1'));
    expect(await installed()).toBe('false');
    writeFileSync(path.join(root, 'node_modules/.kinora-lock'), 'the stamp of another lock');
    writeFileSync(path.join(root, 'package-lock.json'), lock('1.0.0'));
    expect(await installed()).toBe('false');
  });

  it('names the command that installs a missing program, where it may not do it itself', async () => {
    // A machine without apt, and with no programs but ffmpeg.
    const bin = freshDir();
    for (const name of ['ffmpeg', 'ffprobe']) {
      writeFileSync(path.join(bin, name), '#!/bin/sh\n');
      chmodSync(path.join(bin, name), 0o755);
    }
    const code = `import { installPrograms } from '${local}/bootstrap/programs.mjs';
      try { await installPrograms(['ffmpeg', 'redis'], { folders: '${bin}' }); } catch (error) { console.log(error.status, error.message); }`;
    const { stdout } = await evaluate(code);
    expect(stdout).toContain('4 Kinora needs redis-server or valkey-server');
    expect(stdout).toMatch(/apt-get install -y --no-install-recommends redis-server|brew install redis/);
  });

  it('reports a browser that cannot be had instead of failing', async () => {
    const code = `import { installPrograms } from '${local}/bootstrap/programs.mjs';
      console.log(JSON.stringify(await installPrograms(['chromium'], { folders: '${freshDir()}' })));`;
    expect(JSON.parse((await evaluate(code)).stdout)).toEqual({
      KINORA_CHROMIUM_MISSING: expect.stringContaining('Chromium'),
    });
  });

  it('hands over to the real command in a path with spaces, and leaves with its status', async () => {
    const root = path.join(freshDir(), 'a checkout & more');
    mkdirSync(path.join(root, 'tools/local/src'), { recursive: true });
    for (const name of ['bootstrap.mjs', 'bootstrap'])
      cpSync(path.join(local, name), path.join(root, 'tools/local', name), { recursive: true });
    for (const name of ['node_modules', 'package-lock.json', 'tsconfig.base.json'])
      symlinkSync(path.join(workspaceRoot, name), path.join(root, name));
    writeFileSync(
      path.join(root, 'tools/local/src/main.ts'),
      'const args: string[] = process.argv.slice(2); console.log(JSON.stringify(args), process.version); process.exitCode = 7;',
    );
    const { status, stdout } = await node([
      path.join(root, 'tools/local/bootstrap.mjs'),
      'start',
      'some file.mp4',
      '--exit',
    ]);
    expect(stdout).toContain('["start","some file.mp4","--exit"] v24.');
    expect(status).toBe(7);
    expect(existsSync(path.join(root, 'dist/tools/local/main.js'))).toBe(true);
  });

  it('knows its commands', async () => {
    const { status, stderr } = await node([path.join(local, 'bootstrap.mjs'), 'strat']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('start, dev, test, faults, bench')]);
  });
});
