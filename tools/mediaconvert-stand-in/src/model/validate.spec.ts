import { createRouter, requestProblems } from './route';
import { type ServiceModel } from './service-model';
import { problemsOf } from './validate';

/** A small service in botocore's form. */
const model: ServiceModel = {
  metadata: { apiVersion: '2020-01-01', protocol: 'rest-json' },
  operations: {
    Make: {
      name: 'Make',
      http: { method: 'POST', requestUri: '/v/things/{id}', responseCode: 201 },
      input: { shape: 'MakeRequest' },
    },
    List: { name: 'List', http: { method: 'GET', requestUri: '/v/things' }, input: { shape: 'ListRequest' } },
  },
  shapes: {
    MakeRequest: {
      type: 'structure',
      required: ['Id', 'Settings'],
      members: {
        Id: { shape: 'Short', location: 'uri', locationName: 'id' },
        Settings: { shape: 'Settings', locationName: 'settings' },
      },
    },
    ListRequest: {
      type: 'structure',
      members: { MaxResults: { shape: 'Count', location: 'querystring', locationName: 'maxResults' } },
    },
    Settings: {
      type: 'structure',
      required: ['Mode'],
      members: {
        Mode: { shape: 'Mode', locationName: 'mode' },
        Sizes: { shape: 'Sizes', locationName: 'sizes' },
        Place: { shape: 'Place', locationName: 'place' },
        Level: { shape: 'Level', locationName: 'level' },
        Tags: { shape: 'Tags', locationName: 'tags' },
        On: { shape: 'Flag', locationName: 'on' },
        At: { shape: 'Time', locationName: 'at' },
      },
    },
    Mode: { type: 'string', enum: ['SLOW', 'FAST'] },
    Sizes: { type: 'list', member: { shape: 'Count' }, max: 2 },
    Count: { type: 'integer', min: 1, max: 20 },
    Level: { type: 'double', min: 0, max: 1 },
    Place: { type: 'string', pattern: '^s3:\\/\\/.*$' },
    Short: { type: 'string', max: 4 },
    Tags: { type: 'map', key: { shape: 'Short' }, value: { shape: 'Short' } },
    Flag: { type: 'boolean' },
    Time: { type: 'timestamp' },
  },
};

const against = (settings: unknown) => problemsOf(model, 'Settings', settings);

it('has nothing against what the model allows', () => {
  const all = { mode: 'FAST', sizes: [1, 20], place: 's3://a/b', level: 0.5, tags: { a: 'b' }, on: false, at: 1.5 };
  expect(against(all)).toEqual([]);
});

it.each([
  ['a member that is required', {}, '/mode: is required'],
  ['a member that is not there', { mode: 'FAST', Mode: 'FAST' }, '/Mode: there is no such member'],
  ['a value that is none of an enumeration', { mode: 'fast' }, '/mode: fast is none of SLOW, FAST'],
  ['another type', { mode: 1 }, '/mode: is number, not a string'],
  ['null', { mode: null }, '/mode: is null, not a string'],
  ['a fraction for an integer', { mode: 'FAST', sizes: [1.5] }, '/sizes/0: is number, not an integer'],
  ['a number that is too large', { mode: 'FAST', sizes: [2, 21] }, '/sizes/1: it is more than 20'],
  ['a number that is too small', { mode: 'FAST', level: -1 }, '/level: it is less than 0'],
  ['a list that is too long', { mode: 'FAST', sizes: [1, 2, 3] }, '/sizes: its length is more than 2'],
  ['something that is no list', { mode: 'FAST', sizes: {} }, '/sizes: is object, not a list'],
  ['a text that doesn’t match', { mode: 'FAST', place: 'http://a' }, '/place: "http://a" doesn\'t match ^s3:\\/\\/.*$'],
  ['a key that is too long', { mode: 'FAST', tags: { abcde: 'a' } }, '/tags/abcde: its length is more than 4'],
  ['a text for a boolean', { mode: 'FAST', on: 'true' }, '/on: is string, not a boolean'],
  ['a text for a time', { mode: 'FAST', at: '2020-01-01' }, '/at: is string, not a timestamp in seconds'],
  ['a list for a structure', [], '/: is a list, not a structure'],
])('refuses %s', (_, settings, problem) => expect(against(settings)).toEqual([problem]));

describe('a request', () => {
  const router = createRouter(model);
  const problems = (method: string, uri: string, body: unknown) => {
    const url = new URL(uri, 'http://x');
    const routed = router(method, url.pathname);
    return routed && requestProblems(model, routed, url.searchParams, body);
  };

  it('is found by method and path', () => {
    expect(router('POST', '/v/things/a%20b')).toMatchObject({ operation: { name: 'Make' }, labels: { id: 'a b' } });
    expect(router('GET', '/v/things')).toMatchObject({ operation: { name: 'List' } });
    expect(router('DELETE', '/v/things')).toBeUndefined();
    expect(router('POST', '/v/things/a/b')).toBeUndefined();
  });

  it('is looked at in its path, query and body', () => {
    expect(problems('POST', '/v/things/a', { settings: { mode: 'SLOW' } })).toEqual([]);
    expect(problems('POST', '/v/things/abcde', { settings: {} })).toEqual([
      '/id: its length is more than 4',
      '/settings/mode: is required',
    ]);
    expect(problems('GET', '/v/things?maxResults=20', {})).toEqual([]);
    expect(problems('GET', '/v/things?maxResults=21&other=1', {})).toEqual([
      '/maxResults: it is more than 20',
      '/other: there is no such member',
    ]);
  });
});
