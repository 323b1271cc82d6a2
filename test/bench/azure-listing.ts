import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AzureDouble, startAzureDouble } from '../doubles/azure-double.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';
import { returning } from '../process/returning.ts';
import { trust } from '../process/trusted-clouds.ts';
import { Browser } from '../support/browser.ts';
import { median } from '../support/median.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { canPin, clientCore, pinned, serverCore } from './pinning.ts';

/**
 * `node test/bench/azure-listing.ts`: how long a session with twenty Azure tenants waits for their subscriptions when
 * nothing is held, against the longest chain of calls of one tenant, and against one tenant after the other, as the
 * original lists them; and how often Azure is asked when a thousand ask at once. Azure is a double in a process of its
 * own, on another core, which answers each call after the same time.
 *
 * "Cold": no list, no token and no client of the tenant. The process itself is warm, by listings of another tenant.
 */

const usage = `Usage: node test/bench/azure-listing.ts [--tenants 20] [--pages 3] [--delay 50] [--rounds 5] [--callers 1000]

Prints a table to standard error, and the same as JSON to standard output. Times are in milliseconds.
`;

const { values: options } = parseArgs({
  options: {
    tenants: { type: 'string', default: '20' },
    pages: { type: 'string', default: '3' },
    delay: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '1000' },
    upstream: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const [tenants, pages, delayMillis, rounds, callers] = [
  options.tenants,
  options.pages,
  options.delay,
  options.rounds,
  options.callers,
].map(Number) as [number, number, number, number, number];

/** The metadata of the authority, a token, and the pages: each waits for the one before. */
const callsOfChain = 2 + pages;

/** How often the other tenant is listed before anything is measured. */
const warmingListings = 30;

const question = '{ accounts { ... on AzureAccount { tenantId subscriptionDetails { id } } } }';
const refreshing = '{ azureSubscriptions(refresh: true) { id } }';

/** What the process of the double is told, and what it answers to that: its calls since the last `forget`. */
type Order = { delayMillis?: number; tenantId?: string; forget?: true };
type Report = {
  calls: number;
  /** First pages that were asked for, by tenant. */
  listings: Record<string, number>;
  connections: { authority: number; resourceManager: number };
};
type Started = { env: Record<string, string>; certificate: string };

/** The other process: Azure, where each tenant has so many pages. */
async function runUpstream(folder: string): Promise<void> {
  const azure = await startAzureDouble({ folder, authority: 'organizations' });
  azure.listed = { pages, perPage: 10 };
  process.on('message', (order: Order) => {
    azure.delayMillis = order.delayMillis ?? azure.delayMillis;
    if (order.tenantId) azure.person = { tid: order.tenantId, name: 'Ada', email: 'ada@contoso.example' };
    process.send?.(reportOf(azure));
    if (order.forget) azure.requests.length = 0;
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ env: azure.env, certificate: azure.certificate } satisfies Started);
}

function reportOf({ requests, connections }: AzureDouble): Report {
  const listings: Record<string, number> = {};
  for (const { endpoint, authority, values } of requests)
    if (endpoint === 'subscriptions' && values.page === '1')
      listings[authority] = (listings[authority] ?? 0) + 1;
  return { calls: requests.length, listings, connections: connections() };
}

type Upstream = Started & AsyncDisposable & { tell(order: Order): Promise<Report> };

async function startUpstream(folder: string): Promise<Upstream> {
  const program = fileURLToPath(import.meta.url);
  const command = [process.execPath, program, '--upstream', folder, '--pages', String(pages)];
  const [file, ...args] = pinned(clientCore, command);
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [started] = (await once(child, 'message')) as [Started];
  return {
    ...started,
    async tell(order) {
      const answered = once(child, 'message');
      child.send(order);
      return (await answered)[0] as Report;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

const tenantNumber = (index: number): string =>
  `${String(index).padStart(8, '0')}-1111-4111-8111-111111111111`;
const measuredTenants = Array.from({ length: tenants }, (_, index) => tenantNumber(index + 1));
const furtherTenants = Array.from({ length: tenants }, (_, index) => tenantNumber(index + 5001));
const warmingTenant = tenantNumber(9001);
const loneTenant = tenantNumber(9002);

async function millisOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Asks for the lists, and throws unless they are all there. */
async function list(browser: Browser): Promise<void> {
  const { data, errors } = await browser.graphql(question);
  const accounts = (data?.accounts ?? []) as { subscriptionDetails: unknown[] | null }[];
  if (errors || accounts.some((account) => account.subscriptionDetails?.length !== pages * 10))
    throw new Error(`A list is not complete: ${JSON.stringify(errors)}`);
}

async function runBench() {
  await using running = new AsyncDisposableStack();
  const folder = running.use(createTemporaryFolder());
  const upstream = running.use(await startUpstream(folder.path));
  trust(upstream.certificate);
  const launch = {
    folder: folder.path,
    env: {
      ...upstream.env,
      SESSION_SECRET: 'secret of the benchmark with 32 characters or more',
      TOKEN_EXPOSURE: 'none',
      SANDBOX: 'off',
      LOG_LEVEL: 'warn',
      AZURE_CACHE_SECONDS: '3600',
      AZURE_TIMEOUT_MS: '30000',
      NODE_ENV: 'production',
    },
  };
  let gateway: GatewayProcess | undefined;
  running.defer(() => gateway?.[Symbol.asyncDispose]());
  if (canPin) execFileSync('taskset', ['-acp', `${clientCore}`, `${process.pid}`]);

  /** Another process on the same sessions, which has listed nothing but the warming tenant. */
  async function restart(): Promise<void> {
    await gateway?.[Symbol.asyncDispose]();
    gateway = await startGatewayProcess(launch);
    if (canPin) execFileSync('taskset', ['-acp', `${serverCore}`, `${gateway.pid}`]);
    if (!people) return;
    const { url } = gateway;
    const again = (browser: Browser) => returning(browser, url);
    people = {
      ofAll: await again(people.ofAll),
      ofFurther: await again(people.ofFurther),
      ofOne: await Promise.all(people.ofOne.map(again)),
      alone: await again(people.alone),
      warming: await again(people.warming),
    };
    await upstream.tell({ delayMillis: 0 });
    for (let count = 0; count < warmingListings; count++) {
      await people.warming.graphql(refreshing);
      await list(people.warming);
    }
    await upstream.tell({ delayMillis, forget: true });
  }

  async function signedIn(...tenantIds: string[]): Promise<Browser> {
    const browser = new Browser(gateway?.url ?? '');
    for (const tenantId of tenantIds) {
      await upstream.tell({ tenantId });
      await browser.visit('/api/login/azure');
    }
    return browser;
  }

  type People = { ofAll: Browser; ofFurther: Browser; ofOne: Browser[]; alone: Browser; warming: Browser };
  let people: People | undefined;
  await restart();
  const signIns: People = {
    ofAll: await signedIn(...measuredTenants),
    ofFurther: await signedIn(...furtherTenants),
    ofOne: [],
    alone: await signedIn(loneTenant),
    warming: await signedIn(warmingTenant),
  };
  for (const tenantId of measuredTenants) signIns.ofOne.push(await signedIn(tenantId));
  people = signIns;

  const cold: { all: number; further: number; alone: number; calls: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    await restart();
    const { alone, ofAll, ofFurther } = people;
    const aloneMillis = await millisOf(() => list(alone));
    await upstream.tell({ forget: true });
    const all = await millisOf(() => list(ofAll));
    const { calls } = await upstream.tell({});
    const further = await millisOf(() => list(ofFurther));
    cold.push({ all, further, alone: aloneMillis, calls });
  }

  await restart();
  const oneAfterTheOther = await millisOf(async () => {
    for (const browser of people?.ofOne ?? []) await list(browser);
  });

  await restart();
  const { ofAll, ofOne } = people;
  const before = (await upstream.tell({ forget: true })).connections;
  const askers = Array.from({ length: callers }, (_, index) => ofOne[index % (tenants * 2)] ?? ofAll);
  const burst = await millisOf(() => Promise.all(askers.map(list)));
  const { listings, connections: after } = await upstream.tell({ forget: true });
  const warm = await millisOf(() => Promise.all(askers.map(list)));
  const warmCalls = (await upstream.tell({})).calls;

  const chain = callsOfChain * delayMillis;
  const coldMillis = median(cold.map(({ all }) => all));
  return {
    tenants,
    pages,
    delayMillis,
    isPinned: canPin,
    longestChainMillis: chain,
    oneTenantAloneMillis: median(cold.map(({ alone }) => alone)),
    coldMillis,
    coldRounds: cold.map(({ all }) => all),
    coldToChain: coldMillis / chain,
    coldCalls: cold[0]?.calls,
    coldOverOpenConnectionsMillis: median(cold.map(({ further }) => further)),
    coldOverOpenConnectionsRounds: cold.map(({ further }) => further),
    oneAfterTheOtherMillis: oneAfterTheOther,
    timesFasterThanOneAfterTheOther: oneAfterTheOther / coldMillis,
    burst: {
      callers,
      millis: burst,
      listingsPerTenant: {
        least: Math.min(...measuredTenants.map((tenantId) => listings[tenantId] ?? 0)),
        most: Math.max(...measuredTenants.map((tenantId) => listings[tenantId] ?? 0)),
      },
      connections: {
        authority: after.authority - before.authority,
        resourceManager: after.resourceManager - before.resourceManager,
      },
    },
    warm: { callers, millis: warm, calls: warmCalls },
  };
}

function table(result: Awaited<ReturnType<typeof runBench>>): string {
  const { burst, warm } = result;
  const row = (title: string, value: number | string) =>
    `${title.padEnd(52)} ${typeof value === 'number' ? value.toFixed(0) : value}`;
  return [
    row(`longest chain of one tenant (${callsOfChain} x ${delayMillis} ms)`, result.longestChainMillis),
    row('one tenant alone, cold', result.oneTenantAloneMillis),
    row(`${tenants} tenants of ${pages} pages, cold`, result.coldMillis),
    row('  against the longest chain', `${result.coldToChain.toFixed(2)} times (target: 1.30)`),
    row('  and as many others after them, connections open', result.coldOverOpenConnectionsMillis),
    row('one tenant after the other', result.oneAfterTheOtherMillis),
    row(
      `${callers} callers at once, cold: listings per tenant`,
      `${burst.listingsPerTenant.least} to ${burst.listingsPerTenant.most}, ${burst.millis.toFixed(0)} ms in all`,
    ),
    row(
      `${callers} callers at once, warm: calls to Azure`,
      `${warm.calls}, ${warm.millis.toFixed(0)} ms in all`,
    ),
  ].join('\n');
}

if (options.upstream !== undefined) await runUpstream(options.upstream);
else if (options.help) process.stdout.write(usage);
else {
  const result = await runBench();
  process.stderr.write(`${table(result)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
