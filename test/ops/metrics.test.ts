import { createServer, METHODS } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { connectRole, standardRole } from '../support/connect-role.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { startGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { scrape } from './scrape.ts';

const start = (env: Record<string, string> = {}) => startGateway({ env: { METRICS_PORT: '0', ...env } });

/** John's, in the sandbox. */
const tenantId = '12345678-1234-1234-1234-123456789012';

const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});

describe('what is counted', () => {
  it('a sign-in, its session, and the calls to the cloud that it took', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    await browser.signIn('john');
    await browser.signIn('john', '/api/login/google');
    await browser.fetch('/api/logout');
    await browser.fetch('/api/logout'); // of nobody
    await gateway.browser().fetch('/getAToken?state=made-up&code=made-up');

    const { value } = await scrape(gateway);
    expect(value('mcm_sign_ins_total{cloud="azure",outcome="ok"}')).toBe(1);
    expect(value('mcm_sign_ins_total{cloud="gcp",outcome="ok"}')).toBe(1);
    expect(value('mcm_sign_ins_total{cloud="azure",outcome="OAUTH_STATE_INVALID"}')).toBe(1);
    expect(value('mcm_sessions_started_total')).toBe(1);
    expect(value('mcm_sessions_ended_total')).toBe(1);
    const calls = (cloud: string, operation: string) =>
      value(`mcm_upstream_duration_seconds_count{cloud="${cloud}",operation="${operation}",outcome="ok"}`);
    expect(calls('azure', 'discover')).toBe(1);
    expect(calls('azure', 'exchange code')).toBe(1);
    expect(calls('gcp', 'exchange code')).toBe(1);
    expect(calls('azure', 'list subscriptions')).toBe(1);
    const stored = 'mcm_session_store_duration_seconds_count{operation="create",outcome="ok"}';
    expect(value(stored)).toBe(3); // two started sign-ins and the session
  });

  it('requests by route, method and status, however a path is written', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    for (const path of ['/api/user', '/API/user/', '/api/user?x=1']) await browser.fetch(path);
    await browser.fetch('/api/user', { method: 'HEAD' });
    await browser.fetch('/graphql?query={__typename}', { method: 'HEAD' });
    for (const path of ['/', '/icon.svg', '/console.json']) await browser.fetch(path);
    await browser.fetch('/api/nothing');

    const { value } = await scrape(gateway);
    const requests = (route: string, method: string, status: number) =>
      value(`mcm_http_requests_total{route="${route}",method="${method}",status="${status}"}`);
    expect(requests('/api/user', 'GET', 200)).toBe(3);
    expect(requests('/api/user', 'HEAD', 200)).toBe(1);
    expect(requests('/graphql', 'HEAD', 400)).toBe(1);
    expect(requests('pages', 'GET', 200)).toBe(3);
    expect(requests('other', 'GET', 404)).toBe(1);
    expect(value('mcm_http_request_duration_seconds_count{route="/api/user"}')).toBe(4);
    expect(value('mcm_http_request_duration_seconds_bucket{le="+Inf",route="/api/user"}')).toBe(4);
  });

  it("the original application's paths, from zero, so that it can be seen when nobody uses them", async () => {
    await using gateway = await start();
    expect((await scrape(gateway)).value('mcm_legacy_requests_total{path="/api/accounts"}')).toBe(0);
    const browser = gateway.browser();
    await browser.fetch('/api/accounts');
    await browser.fetch('/api/accounts', { method: 'OPTIONS' });
    await browser.graphql('{ accounts { id } }');
    expect((await scrape(gateway)).value('mcm_legacy_requests_total{path="/api/accounts"}')).toBe(1);
  });

  it('errors by face and code, and the calls to the cloud that they come from', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    await browser.signIn('denied');
    await browser.fetch('/api/subscriptions');
    await browser.graphql(
      '{ azureSubscriptions { id } accounts { ... on AzureAccount { subscriptionDetails { id } } } }',
    );
    await connectRole(browser, 'nonsense', 'REST');
    await connectRole(browser, 'nonsense', 'GraphQL');
    await browser.graphql('{ nope }');
    await browser.fetch('/graphql', post('{"query'));
    await browser.fetch('/graphql', { method: 'DELETE' });

    const { value } = await scrape(gateway);
    const errors = (face: string, code: string) => value(`mcm_errors_total{face="${face}",code="${code}"}`);
    expect(errors('rest', 'AZURE_FORBIDDEN')).toBe(1);
    expect(errors('graphql', 'AZURE_FORBIDDEN')).toBe(1); // in two fields of one answer
    expect(errors('rest', 'AWS_ROLE_INVALID')).toBe(1);
    expect(errors('graphql', 'AWS_ROLE_INVALID')).toBe(1);
    expect(errors('graphql', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(errors('graphql', 'BAD_REQUEST')).toBe(1);
    expect(errors('graphql', 'METHOD_NOT_ALLOWED')).toBe(1);
    const listings =
      'mcm_upstream_duration_seconds_count{cloud="azure",operation="list subscriptions",outcome="AZURE_FORBIDDEN"}';
    expect(value(listings)).toBeGreaterThan(0);
  });

  it('GraphQL operations by how they ended', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    await browser.graphql('{ me { name } }');
    await connectRole(browser, standardRole, 'GraphQL');
    await browser.graphql('query Named { me { name } }');
    await browser.graphql('query Named { nope }');
    await browser.graphql('{ me {');

    const { value } = await scrape(gateway);
    const operations = (operation: string, type: string, outcome: string) =>
      value(`mcm_graphql_operations_total{operation="${operation}",type="${type}",outcome="${outcome}"}`);
    expect(operations('anonymous', 'query', 'ok')).toBe(1);
    expect(operations('anonymous', 'mutation', 'failed')).toBe(1);
    expect(operations('other', 'query', 'ok')).toBe(1);
    expect(operations('other', 'query', 'refused')).toBe(1);
    expect(operations('anonymous', 'unknown', 'refused')).toBe(1);
    expect(value('mcm_graphql_operation_duration_seconds_count{operation="other"}')).toBe(2);
  });

  it('requests whose client went away', async () => {
    await using gateway = await start();
    const browser = await gateway.browserWith({
      accounts: [{ provider: 'azure', tenantId, subscriptions: [] }],
    });
    gateway.sandbox.faults.set('arm.subscriptions', { delayMs: 2000 });
    const leaving = browser.fetch('/api/subscriptions', { signal: AbortSignal.timeout(300) });
    await expect(leaving).rejects.toThrow();
    const aborted = 'mcm_http_requests_total{route="/api/subscriptions",method="GET",status="aborted"}';
    await expect.poll(async () => (await scrape(gateway)).value(aborted)).toBe(1);
  });
});

describe('what a client may do to metrics', () => {
  it('no flood of names, paths and methods makes new series', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    async function flood(from: number, to: number) {
      for (let at = from; at < to; at++) {
        await browser.graphql(`query Flood${at} { me { name } }`);
        await browser.fetch('/graphql', post(`{"query":"{ me { nope } }","operationName":"Flood${at}"}`));
        await browser.fetch(`/flood/${at}`);
        await browser.fetch(`/api/login/flood${at}`, { headers: { 'x-request-id': `flood${at}` } });
        await browser.fetch('/api/user', { method: methods[at % methods.length] ?? '' });
      }
    }
    const methods = METHODS.filter((method) => !['CONNECT', 'TRACE', 'GET'].includes(method));
    await flood(0, methods.length);
    const before = await scrape(gateway);
    await flood(methods.length, 4 * methods.length);
    const after = await scrape(gateway);
    expect(before.series.length).toBeGreaterThan(50);
    // Those of Node itself come as its garbage collections do.
    const ours = after.series.filter((series) => series.startsWith('mcm_'));
    expect(ours.filter((series) => !before.series.includes(series))).toEqual([]);
    expect(after.text).not.toMatch(/flood/i);
    expect(
      after.value('mcm_http_requests_total{route="/api/user",method="other",status="405"}'),
    ).toBeGreaterThan(50);
  });

  it('nothing of a person or a session is in them', async () => {
    await using gateway = await start();
    const browser = gateway.browser();
    const callback = await browser.authorize('john');
    await browser.fetch(callback);
    await browser.signIn('john', '/api/login/google');
    await connectRole(browser, standardRole, 'REST');
    await browser.graphql('{ me { name email } accounts { id } azureSubscriptions { id } }');
    const { accounts, access_token, user } = await gateway.sessionOf(browser);
    const sessionId = decodeURIComponent((await browser.cookie('mcm_session')) ?? '')
      .slice(2)
      .split('.')[0];
    const { searchParams } = new URL(callback);
    const secrets = [
      ...(accounts ?? []).flatMap((account) => Object.values(account).flat()),
      access_token,
      user?.sub,
      user?.email,
      sessionId,
      searchParams.get('code'),
      searchParams.get('state'),
    ].filter((value) => typeof value === 'string' && !['azure', 'gcp', 'aws'].includes(value));

    const { text } = await scrape(gateway);
    expect(secrets.length).toBeGreaterThan(12);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe('where metrics are read', () => {
  it('at GET /metrics of a port of their own, in the format that Prometheus reads', async () => {
    await using gateway = await start();
    const url = gateway.metricsUrl ?? '';
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('# TYPE process_cpu_seconds_total counter');
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await gateway.browser().fetch('/metrics')).status).toBe(404);
    expect(gateway.log.entries()).toContainEqual(expect.objectContaining({ msg: 'Metrics are served', url }));
  });

  it('nowhere without METRICS_PORT', async () => {
    await using gateway = await startGateway();
    expect(gateway.metricsUrl).toBeUndefined();
    expect((await gateway.browser().fetch('/metrics')).status).toBe(404);
  });

  it('until the gateway closes', async () => {
    let url = '';
    {
      await using gateway = await start();
      url = gateway.metricsUrl ?? '';
    }
    await expect(fetch(url)).rejects.toThrow();
  });

  it('apart for each gateway of a process', async () => {
    await using one = await start();
    await using other = await start();
    await one.browser().fetch('/api/user');
    const requests = 'mcm_http_requests_total{route="/api/user",method="GET",status="200"}';
    expect((await scrape(one)).value(requests)).toBe(1);
    expect((await scrape(other)).value(requests)).toBeUndefined();
  });

  it('and a port that is taken is told with its mend', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    using folder = createTemporaryFolder();
    const config = readConfig({
      PORT: '0',
      METRICS_PORT: String(port),
      SESSION_STORE: `lmdb:${join(folder.path, 'sessions')}`,
    });
    const gateway = await createGateway(config, { log: createMemoryLog().log });
    await expect(gateway.listen()).rejects.toThrow(
      `Port ${port} of 127.0.0.1 cannot be listened on (METRICS_PORT); stop the program that uses it, or set METRICS_PORT (0 takes a free one)`,
    );
    await gateway.close();
    await new Promise((resolve) => taken.close(resolve));
  });
});
