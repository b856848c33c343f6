import { affected } from './watch';

it.each([
  ['apps/catalog/src/main.ts', ['catalog']],
  ['apps/web/src/pages/watch.tsx', []],
  ['apps/web/src/server/main.ts', ['web']],
  ['apps/e2e/test/x.ts', []],
])('%s is part of %p', (file, services) => {
  expect(affected(file)).toEqual(services);
});

it('takes a library to be part of every service', () => {
  expect(affected('libs/service/src/app.ts')).toContain('edge');
});
