import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Upper ends of the buckets, in seconds: of what this gateway does itself, and of what it waits for others for. */
const ownSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const waitingSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** The metrics of one gateway, as Prometheus reads them. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes the metrics, in a registry of their own. Every label has a bounded set of values, none of which a client
 * chooses: each combination is a series that is kept for as long as the process lives, here and in Prometheus.
 * docs/operations.md explains them to operators.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    httpRequests: new Counter({
      name: 'mcm_http_requests_total',
      help: 'Requests that were answered, or whose client went away (status="aborted")',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'mcm_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer',
      labelNames: ['route'],
      buckets: waitingSeconds,
      registers,
    }),
    hotRequests: new Counter({
      name: 'mcm_hot_path_requests_total',
      help: 'Those of them that were answered on the hot path, without Express and Apollo Server',
      labelNames: ['route'],
      registers,
    }),
    legacyRequests: new Counter({
      name: 'mcm_legacy_requests_total',
      help: "Requests to the original application's REST paths",
      labelNames: ['path'],
      registers,
    }),
    errors: new Counter({
      name: 'mcm_errors_total',
      help: 'Requests that were answered with this error code; those with several count for each',
      labelNames: ['face', 'code'],
      registers,
    }),
    signIns: new Counter({
      name: 'mcm_sign_ins_total',
      help: 'Browsers that came back from a provider, by what became of it',
      labelNames: ['cloud', 'outcome'],
      registers,
    }),
    operations: new Counter({
      name: 'mcm_graphql_operations_total',
      help: 'GraphQL operations: ok, failed (a field did), or refused before they were executed',
      labelNames: ['operation', 'type', 'outcome'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'mcm_graphql_operation_duration_seconds',
      help: 'From the parsing of a GraphQL operation to its result',
      labelNames: ['operation'],
      buckets: waitingSeconds,
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'mcm_upstream_duration_seconds',
      help: 'Calls to the clouds: ok, the error code that they ended with, or failed',
      labelNames: ['cloud', 'operation', 'outcome'],
      buckets: waitingSeconds,
      registers,
    }),
    sessionsStarted: new Counter({
      name: 'mcm_sessions_started_total',
      help: 'Sessions that began',
      registers,
    }),
    sessionsEnded: new Counter({
      name: 'mcm_sessions_ended_total',
      help: 'Sessions that ended with a sign-out; others expire',
      registers,
    }),
    storeSeconds: new Histogram({
      name: 'mcm_session_store_duration_seconds',
      help: 'Calls to the session store',
      labelNames: ['operation', 'outcome'],
      buckets: ownSeconds,
      registers,
    }),
    contentType: registry.contentType,
    /** All of them as values, for a process that adds up those of several. */
    values: () => registry.getMetricsAsJSON(),
    /** All of them, in Prometheus's text format. */
    text: () => registry.metrics(),
  };
}
