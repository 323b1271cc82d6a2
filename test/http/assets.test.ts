import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtAssets, createBuiltPages } from '../../src/pages/built-pages.ts';
import { sendRequest } from '../support/send-request.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

describe('the scripts and styles of the pages', () => {
  let gateway: TestGateway;
  let script: string;
  beforeAll(async () => {
    gateway = await startGateway();
    const page = await (await fetch(`${gateway.url}/`)).text();
    script = /src="(\/assets\/console-[\w-]+\.js)"/.exec(page)?.[1] ?? '';
    expect(script).not.toBe('');
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const ask = (headers: Record<string, string>, path = script) => sendRequest(gateway.url, path, { headers });

  it('are kept by browsers for good, each for the pages of its own origin', async () => {
    const { headers } = await ask({ origin: 'http://localhost:3000' });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers.vary).toMatch(/Origin.*Accept-Encoding/);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0, br;q=0', undefined],
    ['x-library', undefined],
    ['identity', undefined],
    ['', undefined],
  ])('come to whoever accepts "%s" in the coding %s', async (accepted, coding) => {
    const { status, headers } = await ask({ 'accept-encoding': accepted });
    expect([status, headers['content-encoding']]).toEqual([200, coding]);
  });

  it('are the same in every coding', async () => {
    const decoded = async (coding: string) => {
      const answer = await fetch(gateway.url + script, { headers: { 'accept-encoding': coding } });
      return [answer.headers.get('content-encoding'), Buffer.from(await answer.arrayBuffer())] as const;
    };
    const [, plain] = await decoded('identity');
    expect(plain.length).toBeGreaterThan(100_000);
    for (const coding of ['br', 'gzip']) {
      const [used, script] = await decoded(coding);
      expect([used, script.equals(plain)]).toEqual([coding, true]);
    }
  });

  it.each(['.br', '.gz', '/', '.map'])('have nothing at their path and "%s"', async (more) => {
    const { status, text } = await ask({}, script + more);
    expect([status, JSON.parse(text).code]).toEqual([404, 'NOT_FOUND']);
  });
});

it('what was built when it was first asked for is served, whatever a build beside does to it', async () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'assets', 'page.js'), 'old');
  const pages = createBuiltPages(folder.path);
  expect(pages.html('console')).toBeUndefined();
  const app = express().use(builtAssets(pages));
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  folder[Symbol.dispose]();
  const { port } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/assets/page.js`)).text()).toBe('old');
  await new Promise((closed) => server.close(closed));
});

it('where nothing is built there is nothing to serve, and that is said', () => {
  using folder = createTemporaryFolder();
  const pages = createBuiltPages(folder.path);
  expect([pages.asset('/assets/page.js'), pages.html('console'), pages.html('playground')]).toEqual(
    Array(3).fill(undefined),
  );
});
