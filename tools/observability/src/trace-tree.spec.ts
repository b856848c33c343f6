import { startOtlpReceiver } from '@kinora/testing';
import { traceTree } from './trace-tree';

const span = (spanId: string, name: string, [from, to]: [number, number], parentSpanId?: string) => ({
  ...{ traceId: 'a'.repeat(32), spanId, name, kind: 1, parentSpanId },
  startTimeUnixNano: `${1_000_000 * from}`,
  endTimeUnixNano: `${1_000_000 * to}`,
  status: { code: name === 'ffmpeg' ? 2 : 0 },
  attributes: [{ key: 'n', value: { intValue: 3 } }],
});

it('takes spans in and shows them as a tree', async () => {
  const receiver = await startOtlpReceiver();
  const post = (contentType: string, body: string) =>
    fetch(`${receiver.url}/v1/traces`, { method: 'POST', headers: { 'content-type': contentType }, body });
  const spans = [
    span('2', 'put', [20, 30], '1'),
    span('1', 'chunk', [10, 90]),
    span('3', 'put', [40, 60], '1'),
    span('4', 'ffmpeg', [11, 80], '1'),
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'encoder' } }] };
  const sent = await post(
    'application/json',
    JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  );
  expect(sent.status).toBe(200);
  expect((await post('application/x-protobuf', '')).status).toBe(415);
  expect((await post('application/json', '{')).status).toBe(400);
  expect(receiver.spans[3]).toMatchObject({ service: 'encoder', failed: true, attributes: { n: 3 }, endMs: 80 });
  expect(traceTree(receiver.spans)).toBe(
    [
      '     0 ms     80 ms  encoder: chunk',
      '     1 ms     69 ms    encoder: ffmpeg  FAILED',
      '    10 ms     40 ms    encoder: put × 2',
    ].join('\n'),
  );
  await receiver.close();
});
