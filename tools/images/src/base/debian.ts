import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const SUITE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';
const SECURITY = 'http://deb.debian.org/debian-security';

/** Where Debian's packages come from. */
export interface Mirrors {
  readonly main: string;
  readonly security: string;
}

/** Pairs of address and suite in the one-line format of sources.list. */
const oneLine = (text: string): [string, string][] =>
  [...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map(([, uri = '', suite = '']) => [uri, suite]);

/** The same of the paragraphs of a .sources file. */
const paragraphs = (text: string): [string, string][] =>
  text.split(/\n\s*\n/).flatMap((paragraph) => {
    const words = (field: string) =>
      new RegExp(`^${field}:[ \t]*(.*)$`, 'mi').exec(paragraph)?.[1]?.trim().split(/\s+/) ?? [];
    if (/^Enabled:\s*no/im.test(paragraph) || !words('Types').includes('deb')) return [];
    return words('URIs').flatMap((uri) => words('Suites').map((suite): [string, string] => [uri, suite]));
  });

/** The mirrors in apt's sources that have our suite, or Debian's own. */
export function mirrorsIn(files: readonly { name: string; text: string }[]): Mirrors {
  const known = files.flatMap(({ name, text }) => (name.endsWith('.sources') ? paragraphs(text) : oneLine(text)));
  const of = (suite: string) => known.find(([, has]) => has === suite)?.[0].replace(/\/+$/, '');
  return { main: of(SUITE) ?? MIRROR, security: of(`${SUITE}-security`) ?? SECURITY };
}

/** Of this machine; `KINORA_DEBIAN_MIRROR` and `KINORA_DEBIAN_SECURITY_MIRROR` take precedence. */
export function mirrorsHere(folder = '/etc/apt', env: NodeJS.ProcessEnv = process.env): Mirrors {
  const parts = path.join(folder, 'sources.list.d');
  const names = [
    path.join(folder, 'sources.list'),
    ...(existsSync(parts)
      ? readdirSync(parts)
          .sort()
          .map((name) => path.join(parts, name))
      : []),
  ].filter((name) => /\.(list|sources)$/.test(name) && existsSync(name));
  const found = mirrorsIn(names.map((name) => ({ name, text: readFileSync(name, 'utf8') })));
  return {
    main: env['KINORA_DEBIAN_MIRROR'] || found.main,
    security: env['KINORA_DEBIAN_SECURITY_MIRROR'] || found.security,
  };
}

export const sourcesList = ({ main, security }: Mirrors): string =>
  [`deb ${main} ${SUITE} main`, `deb ${main} ${SUITE}-updates main`, `deb ${security} ${SUITE}-security main`, ''].join(
    '\n',
  );
