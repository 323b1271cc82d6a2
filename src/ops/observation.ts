import type { RequestHandler } from 'express';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { unwatched, type WatchUpstream } from '../upstream.ts';
import type { KnownPaths } from './known-paths.ts';
import type { Metrics } from './metrics.ts';
import { createMetricsServer } from './metrics-server.ts';
import type { NoteRequest } from './note-request.ts';
import { logRequest } from './request-log.ts';
import { countRequest } from './request-metrics.ts';
import { countedSession, timedStore } from './session-metrics.ts';
import type { EndedOperation, Tracing } from './tracing.ts';

/** How metrics and traces look at the parts of a gateway: each passes through unchanged where neither is on. */
export type Observation = {
  /** Traces requests; what is within them is traced where it happens. */
  traces(paths: KnownPaths): RequestHandler[];
  /** Logs and counts a request that is over. */
  noteRequest(paths: KnownPaths): NoteRequest;
  /** Begins a GraphQL operation; the function it returns ends it. */
  operation(): (ended: EndedOperation) => void;
  upstream: WatchUpstream;
  session(session: BrowserSession): BrowserSession;
  store(store: SessionStore): SessionStore;
  /** Where metrics are read; undefined when they are not. */
  metricsUrl(): string | undefined;
  /** What is measured, for a process that adds up what several measure; undefined when nothing is. */
  metricValues(): Promise<unknown[] | undefined>;
  /** @throws Error saying what to do when METRICS_PORT cannot be listened on */
  listen(): Promise<void>;
  close(): Promise<void>;
};

/** Metrics and traces as the configuration has them; what is not on is not even loaded. A worker serves no metrics. */
export async function createObservation(config: Config, log: Log, isWorker = false): Promise<Observation> {
  const { metricsPort, host } = config;
  const metrics = metricsPort === undefined ? undefined : (await import('./metrics.ts')).createMetrics();
  const tracing = config.tracing && (await import('./tracing.ts')).startTracing(config.tracing, log);
  const server =
    metricsPort === undefined || !metrics || isWorker
      ? undefined
      : createMetricsServer({ host, port: metricsPort, ...metrics });

  return {
    traces: (paths) => (tracing ? [tracing.requests(paths)] : []),
    noteRequest(paths) {
      const write = logRequest(log);
      if (!metrics) return write;
      const count = countRequest(metrics, paths);
      return (...request) => {
        count(...request);
        write(...request);
      };
    },
    operation: metrics || tracing ? () => watchedOperation({ metrics, tracing }) : () => () => undefined,
    upstream: metrics || tracing ? watchUpstream({ metrics, tracing }) : unwatched,
    session: (session) => (metrics ? countedSession(session, metrics) : session),
    store: (store) => (metrics ? timedStore(store, metrics) : store),
    metricsUrl: () => server?.url(),
    metricValues: async () => metrics?.values(),

    async listen() {
      await server?.listen();
      if (server) log.info({ url: server.url() }, 'Metrics are served');
    },

    async close() {
      await tracing?.close();
      await server?.close();
    },
  };
}

type Watchers = { metrics: Metrics | undefined; tracing: Tracing | undefined };

const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;

function watchedOperation({ metrics, tracing }: Watchers): (ended: EndedOperation) => void {
  const startedAt = performance.now();
  const endSpan = tracing?.operation();
  return (ended) => {
    endSpan?.(ended);
    metrics?.operations.inc(ended);
    metrics?.operationSeconds.observe({ operation: ended.operation }, secondsSince(startedAt));
  };
}

const watchUpstream =
  ({ metrics, tracing }: Watchers): WatchUpstream =>
  async (call, work) => {
    const startedAt = performance.now();
    const endSpan = tracing?.upstream(call);
    const ended = (outcome: string) => {
      endSpan?.(outcome);
      metrics?.upstreamSeconds.observe({ ...call, outcome }, secondsSince(startedAt));
    };
    try {
      const answer = await work();
      ended('ok');
      return answer;
    } catch (error) {
      ended(error instanceof GatewayError ? error.code : 'failed');
      throw error;
    }
  };
