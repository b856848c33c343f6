/** A package as package-lock.json pins it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  /** SHA-512 of its archive, in hexadecimal. */
  readonly sha512: string | undefined;
}

export interface Lock {
  readonly packages: Readonly<
    Record<string, { version?: string; license?: string; integrity?: string; name?: string }>
  >;
}

const sha512Of = (integrity: string | undefined): string | undefined => {
  const digest = /\bsha512-(\S+)/.exec(integrity ?? '')?.[1];
  return digest === undefined ? undefined : Buffer.from(digest, 'base64').toString('hex');
};

/**
 * What the lock says of folders of node_modules, each package and version once, in the order of names.
 * @throws for a folder that the lock doesn't know: what went in must be pinned
 */
export function npmPackages(folders: readonly string[], lock: Lock): NpmPackage[] {
  const packages = new Map<string, NpmPackage>();
  for (const folder of folders) {
    const entry = lock.packages[folder];
    if (!entry?.version) throw new Error(`package-lock.json knows nothing of ${folder}`);
    const name = entry.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    packages.set(`${name}@${entry.version}`, {
      name,
      version: entry.version,
      license: entry.license,
      sha512: sha512Of(entry.integrity),
    });
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
