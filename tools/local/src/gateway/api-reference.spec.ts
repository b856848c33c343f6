import { mergeDocuments } from './api-reference';

const document = (paths: Record<string, Record<string, unknown>>, schemas = {}) => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths,
  components: { schemas },
});

it('puts the documents of all services into one', () => {
  const merged = mergeDocuments('http://localhost:8080', [
    document({ '/v1/videos/{videoId}': { get: { operationId: 'catalog.getVideo' } } }, { Video: {} }),
    document({ '/v1/auth/sign-in': { post: {} }, '/v1/videos/{videoId}': { post: {} } }, { Tokens: {} }),
  ]);
  expect(Object.keys(merged.paths ?? {})).toEqual(['/v1/auth/sign-in', '/v1/videos/{videoId}']);
  expect(Object.keys(merged.paths?.['/v1/videos/{videoId}'] ?? {})).toEqual(['get', 'post']);
  expect(Object.keys(merged.components?.['schemas'] ?? {})).toEqual(['Video', 'Tokens']);
  expect(merged.servers).toEqual([{ url: 'http://localhost:8080' }]);
});

it('does not hide that two services claim one operation', () => {
  const same = document({ '/v1/a': { get: {} } });
  expect(() => mergeDocuments('http://x', [same, same])).toThrow('get /v1/a');
});
