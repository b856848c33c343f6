/** A package that dpkg has installed. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package, by which Debian's security notices name it. */
  readonly source: string;
}

const field = (paragraph: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1];

/** Reads dpkg's status file: what is installed, in the order of names. */
export function debianPackages(status: string): DebianPackage[] {
  return status
    .split(/\n\n+/)
    .flatMap((paragraph) => {
      const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map((key) => field(paragraph, key));
      if (!name || !version || !architecture || !field(paragraph, 'Status')?.endsWith(' installed')) return [];
      return [{ name, version, architecture, source: field(paragraph, 'Source')?.split(' ')[0] ?? name }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
