import { newId } from '@kinora/contracts-common';
import { loadConfig, tracingShape } from './config';
import { currentContext, withContext } from './context';
import { type Lifecycle } from './lifecycle';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

/** A piece of work in a trace, under way. */
export interface Span {
  /** Its place in the trace, as W3C's `traceparent` header has it. */
  readonly traceparent: string;
  /** Once; with what went wrong, if something did. */
  end(outcome?: { name?: string; attributes?: Attributes; error?: unknown }): void;
}

/** What the SDK does for us; ./tracing-sdk.ts brings it when traces are wanted. */
export interface Tracer {
  start(name: string, kind: SpanKind, attributes: Attributes, parent: string | undefined): Span;
  close(): Promise<void>;
}

let tracer: Tracer | undefined;

/**
 * Sends spans to the collector that the environment names, from here on; without one nothing is loaded and nothing is recorded.
 * Bundles have the SDK in a file of its own beside them (tools/build/service.mjs).
 */
export async function startTracing(service: string, lifecycle: Lifecycle): Promise<void> {
  const config = loadConfig(tracingShape);
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return;
  const { createTracer } = await import('./tracing-sdk');
  const started = createTracer(service, config.OTEL_EXPORTER_OTLP_ENDPOINT, config.OTEL_TRACES_SAMPLER_ARG);
  tracer = started;
  // Spans of the last work count too: only when all connections are about to close.
  lifecycle.onStop('connections', 'traces', () => started.close());
}

/** Begins a span below the given parent, or below the work that is under way; undefined when nothing is traced. */
export const startSpan = (
  name: string,
  { kind = 'internal', attributes = {} }: SpanStart = {},
  parent = currentContext()?.traceparent,
): Span | undefined => tracer?.start(name, kind, attributes, parent);

/** Runs the work in a span of its own: what it calls, enqueues and logs belongs to that. */
export async function traced<T>(name: string, start: SpanStart, work: () => Promise<T>): Promise<T> {
  const span = startSpan(name, start);
  if (!span) return work();
  const context = currentContext() ?? { requestId: newId('req') };
  try {
    const result = await withContext({ ...context, traceparent: span.traceparent }, work);
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
