import { findSuites, neededBy, projectFolders } from './suites';

it('sees which servers a suite asks for', () => {
  expect(neededBy("const s3 = backend('s3');\nbackend('aws'); backend('s3')")).toEqual(['s3', 'aws']);
});

it('finds the suites of the workspace, each of which says what it needs', () => {
  const suites = findSuites();
  expect(suites.map(({ file }) => file)).toContain('libs/storage/test/s3.aws.spec.ts');
  expect(suites.filter(({ needs }) => needs.length === 0)).toEqual([]);
});

it('knows projects by their names, as Nx does', () => {
  const folders = projectFolders();
  expect(folders.get('storage')).toBe('libs/storage');
  expect(folders.get('contracts-auth')).toBe('libs/contracts/auth');
});
