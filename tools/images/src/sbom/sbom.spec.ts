import { cycloneDx } from './cyclonedx';
import { debianPackages } from './debian-packages';
import { npmPackages } from './npm-packages';

const STATUS = `Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.17-1~deb12u2

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Source: gcc-12 (12.2.0-14)
Version: 1:12.2.0-14+deb12u1
`;
const facts = { version: '1.2.3', revision: 'abc', source: undefined, epoch: 1_700_000_000 };
const lock = {
  packages: {
    'node_modules/pg': {
      version: '8.1.0',
      license: 'MIT',
      integrity: `sha512-${Buffer.from('abc').toString('base64')}`,
    },
    'node_modules/a/node_modules/@s/b': { version: '2.0.0', license: '(MIT OR Apache-2.0)' },
    'node_modules/c/node_modules/pg': { version: '8.1.0' },
  },
};

test('only what dpkg has installed counts, under the source that notices are about', () => {
  expect(debianPackages(STATUS)).toEqual([
    { name: 'libssl3', version: '3.0.17-1~deb12u2', architecture: 'amd64', source: 'openssl' },
    { name: 'libstdc++6', version: '1:12.2.0-14+deb12u1', architecture: 'amd64', source: 'gcc-12' },
  ]);
});

test('a package is what the lock pins in the folder that the bundle has it from', () => {
  expect(npmPackages(['node_modules/pg', 'node_modules/a/node_modules/@s/b'], lock)).toEqual([
    { name: '@s/b', version: '2.0.0', license: '(MIT OR Apache-2.0)', sha512: undefined },
    { name: 'pg', version: '8.1.0', license: 'MIT', sha512: '616263' },
  ]);
});

test('what is not pinned is refused, and copies count once', () => {
  expect(() => npmPackages(['node_modules/unknown'], lock)).toThrow('knows nothing of node_modules/unknown');
  expect(npmPackages(['node_modules/pg', 'node_modules/c/node_modules/pg'], lock)).toHaveLength(1);
});

test('an SBOM names everything by package URL, and is the same for the same contents', () => {
  const contents = {
    name: 'auth',
    debian: debianPackages(STATUS),
    npm: npmPackages(['node_modules/a/node_modules/@s/b'], lock),
    node: '24.21.0',
  };
  const bom = cycloneDx(contents, facts);
  expect(bom.components.map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl',
    'pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12&upstream=gcc-12',
    'pkg:generic/node@24.21.0',
    'pkg:npm/%40s/b@2.0.0',
  ]);
  expect(bom.components.at(-1)).toMatchObject({ licenses: [{ expression: '(MIT OR Apache-2.0)' }] });
  expect(bom.metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
  expect(cycloneDx(contents, facts).serialNumber).toBe(bom.serialNumber);
  expect(cycloneDx({ ...contents, node: '24.22.0' }, facts).serialNumber).not.toBe(bom.serialNumber);
});
