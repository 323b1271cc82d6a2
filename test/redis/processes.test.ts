import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { describe, expect, it } from 'vitest';
import { createCertificate } from '../../src/sandbox/certificate.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis, until } from '../support/redis-process.ts';
import { startSentinelGroup } from '../support/redis-sentinel.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

describe('a Redis of a test', () => {
  it('has after a sudden death all that it had acknowledged', async () => {
    await using redis = await startRedis();
    expect(await redis.command('SET', 'key', 'kept')).toBe('OK');
    await redis.kill();
    await expect(redis.command('GET', 'key')).rejects.toThrow('Connection refused');
    await redis.restart();
    expect(await redis.command('GET', 'key')).toBe('kept');
  });

  it('does not answer while it is stopped, and answers late', async () => {
    await using redis = await startRedis();
    redis.stop();
    const reply = redis.command('PING');
    expect(await Promise.race([reply, delay(100, 'silence')])).toBe('silence');
    redis.resume();
    expect(await reply).toBe('PONG');
  });

  it('shows all that it keeps on disk', async () => {
    await using redis = await startRedis();
    await redis.command('SET', 'key', 'word '.repeat(20));
    const dump = (await redis.dump()).toString('latin1');
    expect(dump).toMatch(/^REDIS|\nREDIS/m);
    expect(dump.split('word '.repeat(20))).toHaveLength(3);
  });

  it('takes settings, and says what it refuses', async () => {
    await using redis = await startRedis({ settings: { requirepass: 'secret', maxmemory: '10mb' } });
    expect(await redis.command('CONFIG', 'GET', 'maxmemory')).toBe('maxmemory\n10485760');
    await expect(redis.command('NONSENSE')).rejects.toThrow('unknown command');
    await expect(startRedis({ settings: { nonsense: '1' } })).rejects.toThrow('ended at its start');
  });

  it('leaves nothing behind', async () => {
    const redis = await startRedis();
    const [, folder = ''] = (await redis.command('CONFIG', 'GET', 'dir')).split('\n');
    redis.stop();
    await redis[Symbol.asyncDispose]();
    await expect(redis.command('PING')).rejects.toThrow('Connection refused');
    expect(() => writeFileSync(join(folder, 'file'), '')).toThrow('ENOENT');
  });

  it('speaks TLS to those who trust its certificate', async () => {
    using folder = createTemporaryFolder();
    const { key, cert } = await createCertificate('127.0.0.1');
    const [keyFile, certFile] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    writeFileSync(keyFile, key);
    writeFileSync(certFile, cert);
    await using redis = await startRedis({ tls: { keyFile, certFile, caFile: certFile } });
    expect(await redis.command('PING')).toBe('PONG');

    const asking = async (options: { ca?: string }) => {
      const client = createClient({
        url: redis.url,
        socket: { tls: true, reconnectStrategy: false, ...options },
      }).on('error', () => {});
      await client.connect();
      const reply = await client.ping();
      client.destroy();
      return reply;
    };
    expect(await asking({ ca: cert })).toBe('PONG');
    await expect(asking({})).rejects.toThrow('self-signed certificate');
  });

  it('follows a primary', async () => {
    await using primary = await startRedis();
    await primary.command('SET', 'early', 'yes');
    await using replica = await startRedis({ replicaOf: primary });
    expect(await replica.command('GET', 'early')).toBe('yes');
    await primary.command('SET', 'late', 'yes');
    await until(async () => (await replica.command('GET', 'late')) === 'yes', 'the second key');
    await expect(replica.command('SET', 'key', 'value')).rejects.toThrow('READONLY');
  });
});

describe('a group with sentinels', () => {
  it('fails over when it is told to, and back', async () => {
    await using group = await startSentinelGroup();
    const [first, second] = group.nodes;
    expect(await group.primary()).toBe(first);
    await group.failover();
    expect(await group.primary()).toBe(second);
    await second?.command('SET', 'key', 'value');
    await group.failover();
    expect(await group.primary()).toBe(first);
    expect(await first?.command('GET', 'key')).toBe('value');
  });

  it('replaces a primary that dies, and takes it back as a replica', async () => {
    await using group = await startSentinelGroup();
    const [first, second] = group.nodes;
    await first?.kill();
    await until(async () => (await group.primary()) === second, 'another primary');
    await first?.restart();
    const role = async () => (await first?.command('ROLE'))?.split('\n')[0];
    await until(async () => (await role()) === 'slave', 'the old primary to follow');
  });
});

describe('a cluster', () => {
  it('keeps keys on every node', async () => {
    await using cluster = await startRedisCluster();
    const ports = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`);
    expect(cluster.url).toBe(`redis-cluster://${ports.join()}`);
    // The slots of these keys, as CLUSTER KEYSLOT tells them: 3300, 7365 and 15495.
    for (const [index, key] of ['b', 'c', 'a'].entries())
      expect(await cluster.nodes[index]?.command('SET', key, 'value')).toBe('OK');
    await expect(cluster.nodes[1]?.command('GET', 'a')).rejects.toThrow(`MOVED 15495 ${ports[2]}`);
  });

  it('has a replica for each node when asked', async () => {
    await using cluster = await startRedisCluster({ replicas: 1 });
    const roles = await Promise.all(
      cluster.nodes.map(async ({ command }) => (await command('ROLE')).split('\n')[0]),
    );
    expect(roles).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave']);
  });
});

describe('a faulty network', () => {
  it('passes everything on when nothing is wrong', async () => {
    await using redis = await startRedis();
    await using proxy = await startFaultProxy(redis.port);
    const client = await connected(proxy.port);
    expect(await asked(client, 'PING')).toBe('+PONG\r\n');
    expect(proxy.connections()).toBe(1);
    client.destroy();
    await until(async () => proxy.connections() === 0, 'the connection to be gone');
  });

  it('cuts connections, old and new', async () => {
    await using redis = await startRedis();
    await using proxy = await startFaultProxy(redis.port);
    const old = await connected(proxy.port);
    await asked(old, 'PING');
    const reset = once(old, 'error');
    proxy.cut();
    expect(await reset).toMatchObject([{ code: 'ECONNRESET' }]);
    const young = await connected(proxy.port);
    await ended(young);
    expect(proxy.connections()).toBe(0);
    proxy.heal();
    expect(await asked(await connected(proxy.port), 'PING')).toBe('+PONG\r\n');
  });

  it('falls silent, also about the death of the server, and ends what it silenced when it heals', async () => {
    await using redis = await startRedis();
    await using proxy = await startFaultProxy(redis.port);
    const old = await connected(proxy.port);
    await asked(old, 'PING');
    proxy.silence();
    const young = await connected(proxy.port);
    await redis.kill();
    const heard = [asked(old, 'PING'), asked(young, 'PING'), ended(old), ended(young)];
    expect(await Promise.race([...heard, delay(200, 'silence')])).toBe('silence');
    expect(proxy.connections()).toBe(2);
    await redis.restart();
    proxy.heal();
    await Promise.all([ended(old), ended(young)]);
    expect(await asked(await connected(proxy.port), 'PING')).toBe('+PONG\r\n');
  });

  it('delays either way, and keeps the order when it heals', async () => {
    await using redis = await startRedis();
    await using proxy = await startFaultProxy(redis.port);
    const client = await connected(proxy.port);
    proxy.slow(100);
    const start = performance.now();
    expect(await asked(client, 'PING')).toBe('+PONG\r\n');
    expect(performance.now() - start).toBeGreaterThan(195);
    client.write('ECHO slow\r\n');
    await delay(50);
    proxy.heal();
    client.write('ECHO fast\r\n');
    let replies = '';
    client.on('data', (chunk) => {
      replies += chunk;
    });
    await until(async () => replies.includes('fast'), 'both replies');
    expect(replies).toBe('$4\r\nslow\r\n$4\r\nfast\r\n');
  });
});

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function asked(socket: Socket, command: string): Promise<string> {
  socket.write(`${command}\r\n`);
  const [chunk] = await once(socket, 'data');
  return String(chunk);
}

const ended = async (socket: Socket): Promise<void> => {
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
};
