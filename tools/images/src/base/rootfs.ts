import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../run';
import { type Mirrors, SUITE, sourcesList } from './debian';

/** What nobody reads in a container, and dpkg leaves out from here on; licences stay. As in Debian's own slim images. */
const DPKG_EXCLUDES = `path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/linda/*
path-exclude /usr/share/groff/*
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
`;

/** Runs in the new system. Nothing of this machine stays in it, and nothing that differs between two runs. */
const FINISH = `set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y upgrade
apt-get -qq clean
find /usr/share/doc -depth -type f ! -name copyright -delete
find /usr/share/doc -depth -type l -delete
find /usr/share/doc -depth -type d -empty -delete
rm -rf /usr/share/man/* /usr/share/info/* /usr/share/lintian /usr/share/linda /usr/share/groff
find /usr/share/locale -mindepth 1 -maxdepth 1 ! -name locale.alias -exec rm -rf {} +
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /tmp/* /debootstrap
rm -f /var/cache/ldconfig/aux-cache
find /var/log -type f -delete
rm -f /etc/resolv.conf /etc/hostname /etc/machine-id /var/lib/dpkg/*-old
`;

/** Changes when what comes out would. */
export const RECIPE = createHash('sha256').update(DPKG_EXCLUDES).update(FINISH).digest('hex').slice(0, 8);

/**
 * A minimal Debian as one tar, made by debootstrap and kept in `cache`.
 * @throws for anybody but root: debootstrap needs to change its root folder
 */
export async function debianTar(cache: string, mirrors: Mirrors, say: (line: string) => void): Promise<string> {
  const arch = (await run('dpkg', ['--print-architecture'])).trim();
  const file = path.join(cache, `debian-${SUITE}-${arch}-${RECIPE}.tar`);
  if (existsSync(file)) return file;
  if (process.getuid?.() !== 0)
    throw new Error(
      'The base image can not be had from a registry, and only root can make one (debootstrap). Run this as root once, or give another base image by KINORA_NODE_IMAGE.',
    );
  say(`making a minimal Debian ${SUITE} from ${mirrors.main} (debootstrap); a minute or two, once`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(cache, 'making-'));
  try {
    const root = path.join(work, 'root');
    await run('debootstrap', ['--variant=minbase', `--arch=${arch}`, SUITE, root, mirrors.main]);
    await writeFile(path.join(root, 'etc/dpkg/dpkg.cfg.d/slim'), DPKG_EXCLUDES);
    await writeFile(path.join(root, 'etc/apt/sources.list'), sourcesList(mirrors));
    await writeFile(path.join(root, 'etc/apt/apt.conf.d/no-recommends'), 'APT::Install-Recommends "false";\n');
    await run('chroot', [root, '/bin/sh', '-c', FINISH], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
    const half = path.join(work, 'debian.tar');
    await run('tar', [
      ...[
        '--sort=name',
        '--numeric-owner',
        '--mtime=@0',
        '--exclude=./dev/*',
        '--exclude=./proc/*',
        '--exclude=./sys/*',
      ],
      ...['-C', root, '-cf', half, '.'],
    ]);
    await rename(half, file);
    return file;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
