import { prepared, run } from '@kinora/backends';
import { cacheDir } from '@kinora/testing';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VERSION = '1';
export const PAUSE_IMAGE = `localhost/kinora-pause:${VERSION}`;

/** The process that holds a pod's namespaces: it waits, collects orphans, and ends when it is told to. */
const SOURCE = `package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}
`;

/** Builds the pause image, as an archive that containerd imports. */
export async function installPause(signal: AbortSignal): Promise<string> {
  const folder = await prepared(
    `pause-${VERSION}`,
    async (cwd) => {
      writeFileSync(path.join(cwd, 'main.go'), SOURCE);
      await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', 'pause', 'main.go'], {
        cwd,
        env: { CGO_ENABLED: '0', GOFLAGS: '' },
        signal,
      });
      await run('tar', ['-cf', 'layer.tar', 'pause'], { cwd, signal });
      const digest = createHash('sha256')
        .update(readFileSync(path.join(cwd, 'layer.tar')))
        .digest('hex');
      const config = {
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Entrypoint: ['/pause'], User: '65535:65535' },
        rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
      };
      const manifest = [{ Config: 'config.json', RepoTags: [PAUSE_IMAGE], Layers: ['layer.tar'] }];
      writeFileSync(path.join(cwd, 'config.json'), JSON.stringify(config));
      writeFileSync(path.join(cwd, 'manifest.json'), JSON.stringify(manifest));
      await run('tar', ['-cf', 'pause.tar', 'manifest.json', 'config.json', 'layer.tar'], { cwd, signal });
    },
    cacheDir('cluster'),
  );
  return path.join(folder, 'pause.tar');
}

export const pause = { name: 'Pause image', version: VERSION, install: installPause };
