import { cacheDir, findProgram } from '@kinora/testing';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Of Prometheus 3.15; its Go module counts differently. */
const VERSION = '0.315.1';
const MODULE = 'github.com/prometheus/prometheus';

function go(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    ...{ cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  if (error || status !== 0) throw new Error(`go ${args.join(' ')} failed\n${error?.message ?? stderr.slice(-4_000)}`);
  return stdout;
}

/**
 * The module can't be installed by `go install`, which refuses the replacements in its go.mod: it is built from a module of ours with the
 * same requirements.
 */
function build(program: string): void {
  const work = mkdtempSync(path.join(os.tmpdir(), 'promtool-'));
  try {
    const { Dir } = JSON.parse(go(['mod', 'download', '-json', `${MODULE}@v${VERSION}`], work)) as { Dir: string };
    const requirements = readFileSync(path.join(Dir, 'go.mod'), 'utf8');
    writeFileSync(path.join(work, 'go.mod'), requirements.replace(/^module .*$/m, 'module kinora.example/promtool'));
    copyFileSync(path.join(Dir, 'go.sum'), path.join(work, 'go.sum'));
    go(['mod', 'edit', `-require=${MODULE}@v${VERSION}`], work);
    const half = `${program}.${process.pid}.half`;
    go(['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', half, `${MODULE}/cmd/promtool`], work);
    renameSync(half, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Path of promtool, built if this version of it is not in the cache yet; undefined where neither it nor Go is there. */
export function promtool(): string | undefined {
  const program = path.join(cacheDir(`promtool-${VERSION}`), 'promtool');
  if (existsSync(program)) return program;
  if (findProgram('go') === undefined) return undefined;
  console.log(`building promtool ${VERSION}: some minutes, once`);
  build(program);
  return program;
}
