import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCertificate } from '../../src/sandbox/certificate.ts';
import { startGatewayProcess } from '../process/gateway-process.ts';
import { Browser } from '../support/browser.ts';
import { type RedisProcess, startRedis } from '../support/redis-process.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { ask, isJohn, outageOf, unavailable } from './answers.ts';

test('sessions are kept in a Redis with TLS whose certificate is trusted', async () => {
  using folder = createTemporaryFolder();
  await using redis = await startTlsRedis(folder, '127.0.0.1');
  await using gateway = await startGatewayProcess({
    folder: folder.path,
    env: { SESSION_STORE: redis.url, NODE_EXTRA_CA_CERTS: redis.certFile },
  });
  const browser = new Browser(gateway.url);
  expect((await browser.signIn('john')).status).toBe(302);
  expect(await ask(browser, '/api/user')).toSatisfy(isJohn);
  expect(await ask(browser, '/readyz')).toMatchObject({ status: 200 });
  expect(await storeCommands(redis)).not.toEqual([]);
});

test.each([
  { what: 'a certificate that is not trusted', names: '127.0.0.1', trusted: false },
  { what: 'a trusted certificate of another host', names: '127.0.0.2', trusted: true },
])('a Redis with $what is told nothing', async ({ names, trusted }) => {
  using folder = createTemporaryFolder();
  await using redis = await startTlsRedis(folder, names);
  const trust: Record<string, string> = trusted ? { NODE_EXTRA_CA_CERTS: redis.certFile } : {};
  await expectNothingTold(folder, redis, trust);
});

test('a Redis that speaks plain text is told nothing by who is to speak TLS', async () => {
  using folder = createTemporaryFolder();
  await using redis = await startRedis();
  await expectNothingTold(folder, { ...redis, url: redis.url.replace('redis:', 'rediss:') }, {});
});

async function expectNothingTold(
  folder: TemporaryFolder,
  redis: RedisProcess,
  env: Record<string, string>,
): Promise<void> {
  await using gateway = await startGatewayProcess({
    folder: folder.path,
    env: { SESSION_STORE: redis.url, ...env },
  });
  const browser = new Browser(gateway.url);
  for (let attempt = 0; attempt < 2; attempt++) {
    const start = await ask(browser, '/api/login/azure');
    expect(outageOf(start)).toEqual(unavailable('SESSION_STORE_UNAVAILABLE'));
    expect(await ask(browser, '/readyz')).toMatchObject({ status: 503 });
    await new Promise((resolve) => setTimeout(resolve, 500)); // it tries again and again
  }
  expect(await storeCommands(redis)).toEqual([]);
}

/** The commands that a server was given, other than those of the tests. */
async function storeCommands(redis: RedisProcess): Promise<string[]> {
  const stats = await redis.command('INFO', 'commandstats');
  const names = [...stats.matchAll(/^cmdstat_([^:]+):/gm)].flatMap(([, name]) => name ?? []);
  return names.filter((name) => !['info', 'ping'].includes(name));
}

/** A Redis with TLS; redis-cli, which looks at no names, trusts it in any case. */
async function startTlsRedis(
  folder: TemporaryFolder,
  names: string,
): Promise<RedisProcess & { certFile: string }> {
  const { key, cert } = await createCertificate(names);
  const [keyFile, certFile] = [join(folder.path, 'redis-key.pem'), join(folder.path, 'redis.pem')];
  writeFileSync(keyFile, key);
  writeFileSync(certFile, cert);
  return Object.assign(await startRedis({ tls: { keyFile, certFile, caFile: certFile } }), { certFile });
}
