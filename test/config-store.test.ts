import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { printSettings } from '../src/config-report.ts';
import { isStoreExposed, storeLocation } from '../src/config-store.ts';

const [a, b] = [
  { host: 'a', port: 1 },
  { host: 'b', port: 2 },
];
const open = { tls: false, username: undefined, password: undefined };

describe('SESSION_STORE', () => {
  it.each([
    ['lmdb:./data/sessions', { kind: 'lmdb', path: './data/sessions' }],
    ['lmdb:/var/lib/sessions', { kind: 'lmdb', path: '/var/lib/sessions' }],
    ['redis://localhost:6379', { kind: 'redis', url: 'redis://localhost:6379' }],
    ['rediss://user:pa%40ss@host/3', { kind: 'redis', url: 'rediss://user:pa%40ss@host/3' }],
    ['redis-sentinel://a:1,b:2/name', { kind: 'redis-sentinel', name: 'name', nodes: [a, b], ...open }],
    [
      'rediss-sentinel://user:pa%40ss@a:1/name',
      {
        kind: 'redis-sentinel',
        name: 'name',
        nodes: [a],
        tls: true,
        username: 'user',
        password: 'pa@ss',
      },
    ],
    [
      'redis-sentinel://:pass@a:1/name',
      { kind: 'redis-sentinel', name: 'name', nodes: [a], ...open, password: 'pass' },
    ],
    ['redis-cluster://a:1,b:2', { kind: 'redis-cluster', nodes: [a, b], ...open }],
    ['redis-cluster://[::1]:7000', { kind: 'redis-cluster', nodes: [{ host: '::1', port: 7000 }], ...open }],
  ])('takes %s', (value, location) => {
    expect(storeLocation(value)).toEqual(location);
  });

  it.each([
    'memory',
    'lmdb:',
    'redis://',
    'redis:localhost',
    'redis://localhost:99999',
    'redis://localhost/name',
    'redis://localhost?family=6',
    'redis://user:can/ary@host',
    'redis-sentinel://a:1',
    'redis-sentinel://a:1/',
    'redis-sentinel://a/name',
    'redis-sentinel:///name',
    'redis-cluster://a:1/0',
    'redis-cluster://a:0',
    'redis-cluster://a:65536',
    'redis-cluster://',
    'redis-other://a:1',
    'redis-sentinel://user:%canary@a:1/name',
    'redis://user:%canary@host',
    'redis://canary@host',
    'redis://a,b:1',
    'redis://host:0',
    'redis://host/999999',
    'http://localhost',
  ])('refuses %s, without repeating it', (value) => {
    const config = () => readConfig({ SESSION_STORE: value });
    expect(config).toThrow(ConfigError);
    expect(config).toThrow(/SESSION_STORE must/);
    expect(config).not.toThrow(/canary|can\/ary/);
  });

  it.each([
    'redis://user:canary@host:6379',
    'redis-sentinel://user:canary@a:1,b:2/name',
    'rediss-cluster://:canary@a:1',
    'redis://user:canary:canary@host:1',
    'redis://:canary:@host:1',
  ])('is printed without its password: %s', (value) => {
    const printed = printSettings({ SESSION_STORE: value });
    expect(printed).not.toContain('canary');
    expect(printed).toContain(`SESSION_STORE=${value.replace(/\/[^/]*@/, '/(hidden)@')}\n`);
  });
});

describe('a store that can be read on the way', () => {
  it.each([
    ['lmdb:./data', false],
    ['redis://localhost', false],
    ['redis://[::1]:6379', false],
    ['redis://redis.example.com', true],
    ['rediss://redis.example.com', false],
    ['redis-cluster://127.0.0.1:1,[::1]:2', false],
    ['redis-cluster://127.0.0.1:1,10.0.0.1:2', true],
    ['redis-sentinel://10.0.0.1:2/name', true],
    ['rediss-sentinel://10.0.0.1:2/name', false],
  ])('%s: %s', (value, exposed) => {
    expect(isStoreExposed(storeLocation(value))).toBe(exposed);
  });
});

describe('REDIS_WAIT_REPLICAS', () => {
  it('is none unless said', () => {
    expect(readConfig({}).redisWaitReplicas).toBe(0);
    expect(readConfig({ REDIS_WAIT_REPLICAS: '2' }).redisWaitReplicas).toBe(2);
  });

  it.each(['-1', '1.5', 'one', '1000'])('refuses %s', (value) => {
    expect(() => readConfig({ REDIS_WAIT_REPLICAS: value })).toThrow(
      /REDIS_WAIT_REPLICAS must be a whole number/,
    );
  });
});
