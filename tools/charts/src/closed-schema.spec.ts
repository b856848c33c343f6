import { closed } from './closed-schema';

test('closes what has named properties, at every depth', () => {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } } };
  expect(closed(schema)).toEqual({
    type: 'object',
    additionalProperties: false,
    properties: { spec: { type: 'object', additionalProperties: false, properties: { a: { type: 'string' } } } },
  });
});

test('leaves open what says so, and what has no named properties', () => {
  const kept = { type: 'object', properties: { a: {} }, 'x-kubernetes-preserve-unknown-fields': true };
  const map = { type: 'object', additionalProperties: { type: 'string' } };
  expect(closed({ oneOf: [kept, map, { type: 'object' }] })).toEqual({ oneOf: [kept, map, { type: 'object' }] });
});

test('a property may be called properties', () => {
  const schema = { properties: { properties: { type: 'string' } } };
  expect(closed(schema)).toEqual({ properties: { properties: { type: 'string' } }, additionalProperties: false });
});
