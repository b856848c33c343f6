import { eventuallyHolds, startOtlpReceiver } from '@kinora/testing';
import { Router } from 'express';
import request from 'supertest';
import { createApp, createBase, currentContext, startSpan, startTracing, traced } from '../src/index';

const PARENT = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

function service() {
  const base = createBase('sample', 'silent');
  const router = Router();
  router.get('/v1/things/:thingId', async (_req, res) => {
    const within = await traced('look', { kind: 'client', attributes: { size: 3, none: undefined } }, async () =>
      currentContext(),
    );
    res.json(within);
  });
  router.get('/v1/broken', () => {
    throw new TypeError('what somebody wrote');
  });
  return { base, app: createApp({ ...base, routers: [router] }) };
}

it('records nothing, and carries on no trace, without a collector', async () => {
  const { base, app } = service();
  await startTracing('sample', base.lifecycle);
  expect(startSpan('nothing')).toBeUndefined();
  const res = await request(app).get('/v1/things/1').set('traceparent', `00-${PARENT.traceId}-${PARENT.spanId}-01`);
  expect(res.body).toEqual({ requestId: res.get('x-request-id') });
});

it('continues the caller’s trace, and sends routes and classes of errors instead of what people wrote', async () => {
  const collector = await startOtlpReceiver();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `${collector.url}/`;
  const { base, app } = service();
  await startTracing('sample', base.lifecycle);
  const { body, headers } = await request(app)
    .get('/v1/things/secret-name')
    .set('traceparent', `00-${PARENT.traceId}-${PARENT.spanId}-01`);
  await request(app).get('/v1/things/2').set('traceparent', `00-${PARENT.traceId}-${PARENT.spanId}-00`);
  await request(app).get('/v1/broken').set('traceparent', 'nonsense').expect(500);
  await request(app).get('/healthz').expect(200);
  await base.lifecycle.stop();

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  // The second request's caller has decided not to record its trace.
  await eventuallyHolds(() => expect(collector.spans).toHaveLength(3));
  const [served] = named('GET /v1/things/:thingId');
  const [look] = named('look');
  expect(served).toMatchObject({
    ...{ service: 'sample', kind: 2, traceId: PARENT.traceId, parentSpanId: PARENT.spanId, failed: false },
    attributes: {
      'http.route': '/v1/things/:thingId',
      'http.response.status_code': 200,
      'kinora.request_id': headers['x-request-id'],
    },
  });
  expect(look).toMatchObject({
    kind: 3,
    traceId: PARENT.traceId,
    parentSpanId: served?.spanId,
    attributes: { size: 3 },
  });
  expect(body).toMatchObject({ traceparent: `00-${PARENT.traceId}-${look?.spanId}-01` });
  const [broken] = named('GET /v1/broken');
  expect(broken).toMatchObject({ failed: true, attributes: { 'http.response.status_code': 500 } });
  expect(broken?.parentSpanId).toBeUndefined();
  expect(JSON.stringify(collector.spans)).not.toMatch(/secret-name|what somebody wrote/);
  await collector.close();
});
