import {
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  type Span as OtelSpan,
  SpanStatusCode,
  TraceFlags,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Attributes, type Span, type SpanKind as Kind, type Tracer } from './tracing';

const KINDS: Record<Kind, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Below a `traceparent`; the root of a new trace without one, or with one that is none. */
function contextOf(parent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(parent ?? '') ?? [];
  const spanContext = { traceId, spanId, traceFlags: parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

const known = (attributes: Attributes = {}): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(attributes).filter((one): one is [string, string | number | boolean] => one[1] !== undefined),
  );

function spanOf(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`,
    end({ name, attributes, error } = {}) {
      if (name !== undefined) span.updateName(name);
      span.setAttributes(known(attributes));
      if (error !== undefined) {
        // The name and not the message, which may hold what people have written.
        span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** Spans of a service, sent in batches by OTLP over HTTP; `ratio` of the traces that begin here, and of all others what their beginner decided. */
export function createTracer(service: string, endpoint: string, ratio: number): Tracer {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'kinora' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 2_000 })],
  });
  const tracer = provider.getTracer('kinora');
  return {
    start: (name, kind, attributes, parent) =>
      spanOf(tracer.startSpan(name, { kind: KINDS[kind], attributes: known(attributes) }, contextOf(parent))),
    close: () => provider.shutdown(),
  };
}
