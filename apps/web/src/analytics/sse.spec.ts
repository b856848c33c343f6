import { eventParser, follow, type ServerEvent } from './sse';

test('events are cut out of chunks that end anywhere', () => {
  const got: ServerEvent[] = [];
  const parse = eventParser((event) => got.push(event));
  for (const chunk of [': hello\n\nevent: view', 'ers\ndata: {"viewers"', ':3}\n', '\ndata: a\ndata: b\n\nid: 4\n\n'])
    parse(chunk);
  expect(got).toEqual([
    { event: 'viewers', data: '{"viewers":3}' },
    { event: 'message', data: 'a\nb' },
  ]);
});

test('a refusal is final', async () => {
  const asked = jest.fn(async () => new Response('', { status: 404 }));
  await follow('/x', asked, () => undefined, new AbortController().signal);
  expect(asked).toHaveBeenCalledTimes(1);
});
