import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { reportedExporter } from '../../src/ops/reported-exporter.ts';
import { remoteContext } from '../../src/ops/traceparent.ts';
import { connectRole, standardRole } from '../support/connect-role.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type CollectedSpan, type Collector, startCollector } from './collector.ts';

const server = 2;
const client = 3;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

/** The spans of what `use` does with a gateway, which are sent at the latest when it closes. */
async function traced(
  collector: Collector,
  use: (gateway: TestGateway) => Promise<void>,
  env: Record<string, string> = {},
): Promise<CollectedSpan[]> {
  {
    await using gateway = await startGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env } });
    await use(gateway);
  }
  return collector.spans();
}

const named = (spans: CollectedSpan[], name: string): CollectedSpan => {
  const span = spans.find((candidate) => candidate.name === name);
  if (!span) throw new Error(`There is no span ${name} among ${spans.map((other) => other.name).join(', ')}`);
  return span;
};

describe('a trace', () => {
  it('has a span of the request, and within it those of its operation and of the calls to the clouds', async () => {
    await using collector = await startCollector();
    const spans = await traced(collector, async (gateway) => {
      const browser = gateway.browser();
      await browser.signIn('john');
      await browser.graphql('{ azureSubscriptions { id } }');
      await browser.graphql('query ChosenByAClient { me { name } }');
    });

    const request = named(spans, 'POST /graphql');
    const operation = named(spans, 'query anonymous');
    const listing = spans.findLast(({ name }) => name === 'azure list subscriptions');
    expect(request).toMatchObject({
      kind: server,
      isError: false,
      attributes: { 'http.request.method': 'POST', 'http.route': '/graphql' },
    });
    expect(Number(request.attributes['http.response.status_code'])).toBe(200);
    expect(request.attributes['mcm.request_id']).toMatch(/^[\da-f-]{36}$/);
    expect(request.parentSpanId).toBeUndefined();
    expect(operation).toMatchObject({
      traceId: request.traceId,
      parentSpanId: request.spanId,
      attributes: { 'graphql.operation.name': 'anonymous', 'graphql.operation.type': 'query' },
    });
    expect(listing).toMatchObject({
      kind: client,
      traceId: request.traceId,
      parentSpanId: operation.spanId,
      attributes: { 'mcm.cloud': 'azure', 'mcm.operation': 'list subscriptions' },
    });
    const callback = named(spans, 'GET /getAToken');
    expect(named(spans, 'azure exchange code')).toMatchObject({ parentSpanId: callback.spanId });
    expect(named(spans, 'query other')).toBeDefined();
    expect(collector.service()).toMatchObject({ 'service.name': 'multi-cloud-session-gateway' });
  });

  it('goes on with the one of the client, and the log names it', async () => {
    await using collector = await startCollector();
    const spans = await traced(collector, async (gateway) => {
      const browser = gateway.browser();
      await browser.fetch('/api/user', { headers: { traceparent } });
      await browser.fetch('/api/accounts', { headers: { traceparent: traceparent.replace(/01$/, '00') } });
      await browser.fetch('/api/nothing', { headers: { traceparent: 'made up' } });
      const lines = gateway.log.entries().filter(({ msg }) => msg === 'request');
      expect(lines.map((line) => line.traceId)).toEqual([
        traceId,
        undefined,
        expect.stringMatching(/^[\da-f]{32}$/),
      ]);
    });
    expect(named(spans, 'GET /api/user')).toMatchObject({ traceId, parentSpanId: spanId });
    expect(spans.map(({ name }) => name)).toEqual(['GET /api/user', 'GET']); // the client did not want the second
    expect(named(spans, 'GET').parentSpanId).toBeUndefined();
  });

  it('says how a request failed', async () => {
    await using collector = await startCollector();
    const spans = await traced(collector, async (gateway) => {
      const browser = gateway.browser();
      await browser.signIn('denied');
      await browser.fetch('/api/subscriptions');
      await browser.graphql('{ azureSubscriptions { id } }');
      await browser.fetch('/api/nothing');
    });
    expect(named(spans, 'GET /api/subscriptions')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'AZURE_FORBIDDEN' },
    });
    expect(named(spans, 'azure list subscriptions')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'AZURE_FORBIDDEN' },
    });
    expect(named(spans, 'query anonymous')).toMatchObject({
      isError: true,
      attributes: { 'mcm.outcome': 'failed' },
    });
    expect(named(spans, 'GET')).toMatchObject({ isError: false, attributes: { 'error.type': 'NOT_FOUND' } });
  });

  it('holds nothing of a person, a session or a sign-in, and nothing that a client wrote', async () => {
    await using collector = await startCollector();
    const secrets: unknown[] = ['canary'];
    await traced(collector, async (gateway) => {
      const browser = gateway.browser();
      const callback = await browser.authorize('john');
      const { searchParams } = new URL(callback);
      await browser.fetch(callback, {
        headers: { 'x-canary': 'canary', tracestate: 'canary=1', baggage: 'a=canary' },
      });
      await browser.signIn('john', '/api/login/google');
      await browser.fetch('/canary/path?canary=1', { method: 'PROPFIND' });
      await browser.fetch('/api/login/azure?returnTo=/canary');
      await connectRole(browser, standardRole, 'REST');
      await browser.graphql(
        'query canary { canary: __typename accounts { ... on ConnectedAccount { id } } }',
      );
      const { accounts, access_token, user } = await gateway.sessionOf(browser);
      secrets.push(
        ...(accounts ?? []).flatMap((account) => Object.values(account).flat()),
        access_token,
        user?.sub,
        user?.email,
        decodeURIComponent((await browser.cookie('mcm_session')) ?? '')
          .slice(2)
          .split('.')[0],
        searchParams.get('code'),
        searchParams.get('state'),
      );
    });
    const known = secrets.filter(
      (value) => typeof value === 'string' && !['azure', 'gcp', 'aws'].includes(value),
    );
    expect(known.length).toBeGreaterThan(12);
    expect(collector.spans().length).toBeGreaterThan(10);
    for (const secret of known) expect(collector.text()).not.toContain(secret);
  });

  it('is not told to the clouds', async () => {
    await using collector = await startCollector();
    const sent: string[] = [];
    const note = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('request' in message)) return;
      const { request } = message;
      if (typeof request !== 'object' || request === null) return;
      if ('getHeaderNames' in request && typeof request.getHeaderNames === 'function')
        sent.push(request.getHeaderNames().join(' '));
      else if ('headers' in request) sent.push(String(request.headers));
    };
    const channels = ['http.client.request.start', 'undici:request:create'];
    for (const channel of channels) subscribe(channel, note);
    await traced(collector, async (gateway) => {
      const browser = gateway.browser();
      await browser.signIn('john');
      await connectRole(browser, standardRole, 'REST');
    });
    for (const channel of channels) unsubscribe(channel, note);
    expect(sent.join('\n')).toMatch(/^x-ms-|\bx-ms-|x-amz/im); // both SDKs were seen
    expect(sent.join('\n')).not.toMatch(/traceparent|tracestate|baggage|\bb3\b|x-b3-/i);
  });
});

describe('which requests are traced', () => {
  it('those that the sampler picks', async () => {
    await using collector = await startCollector();
    const use = async (gateway: TestGateway) => {
      for (let at = 0; at < 40; at++) await gateway.browser().fetch('/api/user');
      await gateway.browser().fetch('/api/accounts', { headers: { traceparent } });
    };
    expect(await traced(collector, use, { OTEL_TRACES_SAMPLER: 'always_off' })).toEqual([]);
    const parentBased = await traced(collector, use, { OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
    expect(parentBased.map(({ name }) => name)).toEqual(['GET /api/accounts']);
    const half = await traced(collector, use, {
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    });
    expect(half.length).toBeGreaterThan(parentBased.length);
    expect(half.length).toBeLessThan(parentBased.length + 41);
  });

  it('none when OTEL_SDK_DISABLED is true', async () => {
    await using collector = await startCollector();
    await traced(
      collector,
      async (gateway) => {
        await gateway.browser().fetch('/api/user');
        expect(gateway.log.text()).not.toContain('traceId');
      },
      { OTEL_SDK_DISABLED: 'true' },
    );
    expect(collector.text()).toBe('');
  });

  it('also when the URL of the traces is given whole', async () => {
    await using collector = await startCollector();
    const spans = await traced(
      collector,
      async (gateway) => {
        await gateway.browser().fetch('/api/user');
      },
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/of/ours` },
    );
    expect(spans).toHaveLength(1);
    expect(collector.text()).toContain('POST /of/ours');
  });

  it.each([
    ['', 'no header'],
    [`ff-${traceId}-${spanId}-01`, 'a version that there is not'],
    [`00-${'0'.repeat(32)}-${spanId}-01`, 'no trace'],
    [`00-${traceId}-${'0'.repeat(16)}-01`, 'no span'],
    [`00-${traceId.toUpperCase()}-${spanId}-01`, 'capitals'],
    [`${traceparent}, ${traceparent}`, 'two headers'],
  ])('%s goes on with no trace: %s', (header) => {
    expect(remoteContext(header)).toBe(remoteContext(undefined));
  });
});

describe('a collector that is down', () => {
  it('changes nothing, and holds up no end for longer than a second', async () => {
    const collector = await startCollector();
    await collector[Symbol.asyncDispose]();
    const gateway = await startGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    const browser = gateway.browser();
    expect((await browser.signIn('john')).status).toBe(302);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'John Doe' });
    const startedAt = performance.now();
    await gateway[Symbol.asyncDispose]();
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(gateway.log.text()).toContain('The last traces could not be sent to the collector');
    expect(gateway.log.entries().filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is told once in the log, and once when it is back', async () => {
    await using collector = await startCollector();
    const { log, entries } = createMemoryLog();
    const exporter: SpanExporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
    const reported = reportedExporter(exporter, log);
    const sent = () => new Promise<number>((resolve) => reported.export([], ({ code }) => resolve(code)));
    for (const status of [400, 400, 200, 200]) {
      collector.status = status;
      await sent();
    }
    await reported.shutdown();
    expect(entries().map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      'warn Traces cannot be sent to the collector',
      'info Traces are sent to the collector again',
    ]);
  });
});
