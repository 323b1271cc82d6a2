import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { storeLocation } from '../../src/config-store.ts';
import { createLog } from '../../src/log.ts';
import { createSealing } from '../../src/session/sealing.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createSessionRecords, type SessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { startRedis } from '../support/redis-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Latencies, measure } from './latencies.ts';

/**
 * `npm run bench:sessions`: what reading, changing and extending a session takes, one after the other, with more and
 * more sessions in the store, and what those take on disk. Everything goes through the session records, as requests
 * do: sealed, and on disk before a change is acknowledged.
 */

const usage = `Usage: npm run bench:sessions [-- --sizes 1000,100000,1000000] [--stores lmdb,redis] [--samples 20000]

Prints latencies in microseconds, and the size of the file (of Redis: of a rewritten append-only file). Needs redis-server for redis (npm run check installs it).
With the sizes of the default it takes some minutes, 10 GB of disk and 5 GB of memory.
`;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,100000,1000000' },
    stores: { type: 'string', default: 'lmdb,redis' },
    samples: { type: 'string', default: '20000' },
    help: { type: 'boolean', short: 'h' },
  },
});

/** A store on its own, and how large its file is. */
type Bench = AsyncDisposable & { url: string; fileBytes(): Promise<number> };

async function startLmdb(): Promise<Bench> {
  const folder = createTemporaryFolder();
  return {
    url: `lmdb:${folder.path}`,
    fileBytes: async () => statSync(join(folder.path, 'data.mdb')).size,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
    },
  };
}

async function startRedisBench(): Promise<Bench> {
  const redis = await startRedis({
    settings: { appendfsync: 'everysec', 'auto-aof-rewrite-percentage': '0' },
  });
  return {
    url: redis.url,
    fileBytes: async () => {
      await redis.command('BGREWRITEAOF');
      while (
        /aof_rewrite_in_progress:1|aof_rewrite_scheduled:1/.test(await redis.command('INFO', 'persistence'))
      )
        await new Promise((resolve) => setTimeout(resolve, 500));
      return Number(/aof_base_size:(\d+)/.exec(await redis.command('INFO', 'persistence'))?.[1]);
    },
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}

const starts: Record<string, () => Promise<Bench>> = { lmdb: startLmdb, redis: startRedisBench };

/** About what a session with an Azure, a Google and an AWS account takes: 3 kB, most of it tokens. */
function session(index: number): GatewaySession {
  const token = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    user: {
      iss: 'https://issuer.example',
      sub: `user-${index}`,
      name: 'A Person',
      email: `p${index}@example.com`,
    },
    access_token: token(1000),
    accounts: [
      { provider: 'azure', tenantId: `tenant-${index}`, subscriptions: [], displayName: 'Azure' },
      { provider: 'gcp', email: `p${index}@example.com`, access_token: token(160), refresh_token: token(80) },
    ],
  };
}

const progress = (text: string) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`));

async function fill(records: SessionRecords, title: string, count: number): Promise<void> {
  const atOnce = 1000;
  for (let from = 0; from < count; from += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => from + index);
    await Promise.all(batch.map((index) => records.create(`sid-${index}`, session(index))));
    progress(`${title}: ${from + batch.length} of ${count} sessions made`);
  }
}

async function run(store: string, count: number, samples: number): Promise<string[]> {
  const title = `${store} with ${count}`;
  await using bench = await (starts[store] ?? fail(`no such store: ${store}`))();
  let now = Date.now();
  const log = createLog({ level: 'warn', destination: process.stderr });
  const opened = await openSessionStore(
    { sessionStore: storeLocation(bench.url), redisWaitReplicas: 0 },
    { log, now: () => now },
  );
  const sealing = createSealing({ secrets: ['a secret of the benchmark, of 32 characters or more'], log });
  const limits = { idleMinutes: 20_000, absoluteHours: 8_760 };
  const records = createSessionRecords({ store: opened, sealing, limits, now: () => now });
  await fill(records, title, count);

  const any = () => `sid-${Math.floor(Math.random() * count)}`;
  progress(`${title}: reading`);
  const read = await measure(samples, async () => records.load(any()));
  progress(`${title}: changing`);
  const update = await measure(samples / 10, () => records.update(any(), (data) => ({ ...data })));
  progress(`${title}: extending`);
  const extend = await measure(samples / 10, async () => {
    now += 60_000; // so that the load extends
    return records.load(any());
  });
  progress(`${title}: measuring the file`);
  const bytes = await bench.fileBytes();
  await opened.close();
  progress('');
  return [store, count.toLocaleString('en'), ...[read, update, extend].flatMap(shown), megabytes(bytes)];
}

const shown = ({ p50, p99 }: Latencies): string[] => [p50.toFixed(0), p99.toFixed(0)];
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const widths = [6, 10, 9, 9, 11, 11, 11, 11, 12];
const line = (cells: string[]) => cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(' ');

/** A list of whole numbers from one on. */
function counts(option: '--sizes' | '--samples', text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number > 0))
    fail(`${option} must be whole numbers from 1 on\n\n${usage}`);
  return numbers;
}

if (options.help) {
  process.stdout.write(usage);
} else {
  const sizes = counts('--sizes', options.sizes);
  const [samples = 0] = counts('--samples', options.samples);
  const titles = 'store,sessions,read p50,read p99,update p50,update p99,extend p50,extend p99,file';
  process.stdout.write(`Latencies in microseconds\n\n${line(titles.split(','))}\n`);
  for (const store of options.stores.split(','))
    for (const size of sizes) process.stdout.write(`${line(await run(store, size, samples))}\n`);
}
