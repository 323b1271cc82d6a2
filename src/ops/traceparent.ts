import { type Context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api';

/** Version, trace, span and flags; versions to come may have more, and `ff` is none (W3C Trace Context, 3.2.2). */
const form = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;

/** The trace that a client's `traceparent` goes on with, or a new one when it has none, or not one that is right. */
export function remoteContext(traceparent: string | string[] | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = form.exec(String(traceparent)) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}
