import { createHash } from 'node:crypto';
import { type Facts } from '../facts';
import { type DebianPackage } from './debian-packages';
import { type NpmPackage } from './npm-packages';

export interface Contents {
  readonly name: string;
  readonly debian: readonly DebianPackage[];
  readonly npm: readonly NpmPackage[];
  /** The Node that runs it. */
  readonly node: string;
}

/** In the path of a package URL: a scope's @ is escaped, its slash is not. */
const npmUrl = ({ name, version }: NpmPackage): string => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

const debianUrl = ({ name, version, architecture, source }: DebianPackage): string => {
  const plus = (text: string) => encodeURIComponent(text).replace(/%3A/g, ':');
  return `pkg:deb/debian/${plus(name)}@${plus(version)}?arch=${architecture}&distro=debian-12&upstream=${plus(source)}`;
};

/** Names of SPDX's list are ids; anything else, and expressions, are what somebody wrote. */
const licensesOf = (license: string | undefined) =>
  license === undefined
    ? {}
    : { licenses: [/^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license }] };

/** The same contents give the same number. */
function serialOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What is in an image, as CycloneDX 1.6: Debian's packages, Node, and the npm packages that the bundle has parts of. */
export function cycloneDx({ name, debian, npm, node }: Contents, { version, revision, epoch }: Facts) {
  const library = { type: 'library' as const };
  const components = [
    ...debian.map((one) => ({
      ...library,
      'bom-ref': debianUrl(one),
      name: one.name,
      version: one.version,
      purl: debianUrl(one),
    })),
    {
      type: 'platform' as const,
      ...{ 'bom-ref': `pkg:generic/node@${node}`, name: 'node', version: node, purl: `pkg:generic/node@${node}` },
    },
    ...npm.map((one) => ({
      ...library,
      ...{ 'bom-ref': npmUrl(one), name: one.name, version: one.version, purl: npmUrl(one) },
      ...licensesOf(one.license),
      ...(one.sha512 !== undefined && { hashes: [{ alg: 'SHA-512', content: one.sha512 }] }),
    })),
  ];
  const root = `kinora/${name}@${version}`;
  return {
    bomFormat: 'CycloneDX' as const,
    specVersion: '1.6' as const,
    serialNumber: serialOf(JSON.stringify([root, revision, components])),
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { type: 'container' as const, 'bom-ref': root, name: `kinora/${name}`, version },
    },
    components,
    dependencies: [{ ref: root, dependsOn: components.map((one) => one['bom-ref']) }],
  };
}
