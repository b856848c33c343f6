import { isBuiltIn, parseManifests, titleOf } from './manifests';

test('reads each document, and leaves out empty ones', () => {
  const manifests = parseManifests(
    '---\n# nothing\n---\nkind: Service\nmetadata: { name: a }\n---\nkind: Pod\nmetadata: { name: b }\n',
  );
  expect(manifests.map(titleOf)).toEqual(['Service a', 'Pod b']);
});

test('refuses a key that is there twice', () => {
  expect(() => parseManifests('kind: Pod\nkind: Service\n')).toThrow('unique');
});

test.each([
  ['v1', true],
  ['apps/v1', true],
  ['networking.k8s.io/v1', true],
  ['keda.sh/v1alpha1', false],
  ['monitoring.coreos.com/v1', false],
])('%s: %s', (apiVersion, expected) => {
  expect(isBuiltIn({ apiVersion, kind: 'X', metadata: { name: 'x' } })).toBe(expected);
});
