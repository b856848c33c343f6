import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { conflict } from '../errors';
import { type ServiceModel } from '../model/service-model';
import { createRateLimit } from './rate-limit';
import { createApiServer } from './server';

const model: ServiceModel = {
  metadata: { apiVersion: '1', protocol: 'rest-json', signingName: 'mediaconvert' },
  operations: {
    Make: {
      name: 'Make',
      http: { method: 'POST', requestUri: '/things', responseCode: 201 },
      input: { shape: 'Thing' },
      output: { shape: 'Thing' },
    },
    Other: { name: 'Other', http: { method: 'GET', requestUri: '/others' } },
  },
  shapes: {
    Thing: { type: 'structure', members: { Name: { shape: 'Name', locationName: 'name' } } },
    Name: { type: 'string', max: 8 },
  },
};

const SIGNED = {
  'x-amz-date': '20260101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/mediaconvert/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
};

let server: Server;
let url: string;
let answer: unknown;
let left = 100;
const problems: unknown[] = [];
beforeAll(async () => {
  server = createApiServer({
    model,
    handlers: {
      Make: ({ body }) => {
        if (answer instanceof Error) throw answer;
        return answer ?? body;
      },
    },
    region: 'us-east-1',
    mayPass: () => left-- > 0,
    report: (problem) => problems.push(problem),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answer = undefined;
  left = 100;
});
afterAll(() => void server.close());

const ask = async (body: string, headers: Record<string, string> = SIGNED, path = '/things', method = 'POST') => {
  const reply = await fetch(`${url}${path}`, { method, headers, ...(method === 'POST' && { body }) });
  return { status: reply.status, type: reply.headers.get('x-amzn-errortype'), body: await reply.json() };
};

it('answers as the model says', async () => {
  expect(await ask('{"name":"a"}')).toEqual({ status: 201, type: null, body: { name: 'a' } });
});

it.each([
  ['an unsigned request', '{}', {}, 403, 'MissingAuthenticationTokenException'],
  [
    'one that is signed for another service',
    '{}',
    { ...SIGNED, authorization: SIGNED.authorization.replace('/mediaconvert/', '/s3/') },
    403,
    'InvalidSignatureException',
  ],
  ['a member too long', '{"name":"abcdefghi"}', SIGNED, 400, 'BadRequestException'],
  ['a member that is not there', '{"Name":"a"}', SIGNED, 400, 'BadRequestException'],
  ['what is no JSON', '{', SIGNED, 400, 'BadRequestException'],
])('refuses %s', async (_, body, headers, status, type) => {
  expect(await ask(body, headers)).toMatchObject({ status, type, body: { message: expect.any(String) } });
});

it('tells apart what is not there and what is not part of it', async () => {
  expect(await ask('', SIGNED, '/nothing', 'GET')).toMatchObject({ status: 404, type: 'NotFoundException' });
  expect(await ask('', SIGNED, '/others', 'GET')).toMatchObject({
    status: 501,
    body: { message: 'Other is not part of this stand-in' },
  });
});

it('gives errors the service’s names, and throttles', async () => {
  answer = conflict('no');
  expect(await ask('{}')).toEqual({ status: 409, type: 'ConflictException', body: { message: 'no' } });
  left = 0;
  expect(await ask('{}')).toMatchObject({ status: 429, type: 'TooManyRequestsException' });
});

it('does not let an answer of its own pass that the model does not allow', async () => {
  answer = { name: 1 };
  expect(await ask('{}')).toMatchObject({ status: 500, type: 'InternalServerErrorException' });
  expect(String(problems.at(-1))).toContain('answers Make wrongly: /name: is number, not a string');
});

it('lets so many pass at once, and so many a second', () => {
  let now = 0;
  const mayPass = createRateLimit({ perSecond: 2, burst: 3 }, () => now);
  expect([1, 2, 3, 4].map(mayPass)).toEqual([true, true, true, false]);
  now = 500;
  expect([1, 2].map(mayPass)).toEqual([true, false]);
});
