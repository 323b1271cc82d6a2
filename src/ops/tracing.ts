import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { RequestHandler } from 'express';
import type { TracingConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { beforeDeadline } from '../session/deadline.ts';
import type { UpstreamCall } from '../upstream.ts';
import { createRouteOf, type KnownPaths, methodOf, otherRoute } from './known-paths.ts';
import { reportedExporter } from './reported-exporter.ts';
import { samplerOf } from './trace-sampler.ts';
import { remoteContext } from './traceparent.ts';

/** The longest that closing waits for the collector to take the last spans, in milliseconds. */
const flushMillis = 1_000;

/** What the spans are named after where the environment names no service. */
const serviceName = 'multi-cloud-session-gateway';

/** A GraphQL operation when it is over. Its name is one of a bounded set. */
export type EndedOperation = { operation: string; type: string; outcome: string };

/** Spans of one gateway, made by hand: what is in them is what is written here. */
export type Tracing = {
  /** A span for each request, which its operation's and its calls to the clouds are within. */
  requests(paths: KnownPaths): RequestHandler;
  /** Begins the span of the GraphQL operation of the request under way; the function it returns ends it. */
  operation(): (ended: EndedOperation) => void;
  /** Begins the span of a call to a cloud. */
  upstream(call: UpstreamCall): (outcome: string) => void;
  /** Sends what is left, and waits for that a little while. Never rejects. */
  close(): Promise<void>;
};

/**
 * Traces to an OpenTelemetry collector, over OTLP/HTTP with JSON. A span holds the route and never the URL, whose
 * query carries authorization codes; no header, name or id of a person. Nothing global is registered: the spans of a
 * program around the gateway, and those of another gateway in it, are their own. The clouds are told of no trace.
 */
export function startTracing(config: TracingConfig, log: Log): Tracing {
  const exporter = reportedExporter(new OTLPTraceExporter({ url: config.url }), log);
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceName }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    sampler: samplerOf(config.sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer(serviceName);
  /** The span that others of the same request are within; a request has one operation at most. */
  const current = new AsyncLocalStorage<{ within: Context }>();
  const within = () => current.getStore()?.within ?? ROOT_CONTEXT;

  return {
    requests(paths) {
      const routeOf = createRouteOf(paths);
      return (req, res, next) => {
        const method = methodOf(req.method);
        const route = routeOf(req.path);
        const span = tracer.startSpan(
          route === otherRoute ? method : `${method} ${route}`,
          {
            kind: SpanKind.SERVER,
            attributes: {
              'http.request.method': method === 'other' ? '_OTHER' : method,
              ...(route === otherRoute ? {} : { 'http.route': route }),
              'mcm.request_id': res.locals.requestId,
            },
          },
          remoteContext(req.headers.traceparent),
        );
        const { traceId, traceFlags } = span.spanContext();
        if (traceFlags & TraceFlags.SAMPLED) res.locals.traceId = traceId;
        res.on('close', () => {
          const [code] = res.locals.codes;
          if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode);
          if (code !== undefined) span.setAttribute('error.type', code);
          if (!res.writableFinished) span.setAttribute('mcm.aborted', true);
          if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        });
        current.run({ within: trace.setSpan(ROOT_CONTEXT, span) }, next);
      };
    },

    operation() {
      const span = tracer.startSpan('graphql', {}, within());
      const store = current.getStore();
      if (store) store.within = trace.setSpan(ROOT_CONTEXT, span);
      return ({ operation, type, outcome }) => {
        span.updateName(`${type} ${operation}`);
        span.setAttributes({ 'graphql.operation.name': operation, 'graphql.operation.type': type });
        if (outcome !== 'ok') span.setAttribute('mcm.outcome', outcome);
        if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },

    upstream({ cloud, operation }) {
      const span = tracer.startSpan(
        `${cloud} ${operation}`,
        { kind: SpanKind.CLIENT, attributes: { 'mcm.cloud': cloud, 'mcm.operation': operation } },
        within(),
      );
      return (outcome) => {
        if (outcome !== 'ok') {
          span.setAttribute('error.type', outcome);
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      };
    },

    async close() {
      await beforeDeadline(provider.shutdown(), flushMillis).catch((err: unknown) =>
        log.warn({ err }, 'The last traces could not be sent to the collector'),
      );
    },
  };
}
