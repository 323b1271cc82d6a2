import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { ada } from '../doubles/azure-double.ts';
import {
  brokenOff,
  dripping,
  drippingHeaders,
  floodOfHeaders,
  gigabyteOf,
  gzipBombOf,
  type OddAnswer,
  textOf,
} from '../doubles/odd-answers.ts';
import { Browser } from '../support/browser.ts';
import { addRole, connectRole, trustGateway } from './aws-role.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { useCloudsGateway } from './trusted-clouds.ts';

const running = useCloudsGateway({ TOKEN_EXPOSURE: 'none' });

let browser: Browser;
beforeAll(async () => {
  browser = new Browser(running.url);
  await browser.visit('/api/login/azure');
  await trustGateway(running.sts, browser);
  expect((await addRole(browser)).status).toBe(201); // all that is loaded once is in memory
});

/** What both faces say to who connects a role. */
async function refusals(): Promise<unknown[]> {
  const [rest, { data, errors }] = await Promise.all([addRole(browser), connectRole(browser)]);
  expect(data).toBeNull();
  return [rest.status, ((await rest.json()) as { code: unknown }).code, errors?.[0]?.extensions.code];
}
const unavailable = [502, 'AWS_UNAVAILABLE', 'AWS_UNAVAILABLE'];

async function expectToConnect(): Promise<void> {
  running.sts.failure = undefined;
  expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: ada.name });
  expect((await addRole(browser)).status).toBe(201);
}

/** How the first connection with an odd answer ended; it has to have by the time the gateway has answered. */
const endOf = ({ ended }: OddAnswer) => Promise.race([ended, delay(1000, 'left open')]);

const type = 'text/xml';
const xml =
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials></Credentials></AssumeRoleResult></AssumeRoleResponse>';

test.each([
  ['as announced', () => gigabyteOf(xml, { isDeclared: true, type })],
  ['that was not announced', () => gigabyteOf(xml, { isDeclared: false, type })],
  ['packed into a megabyte', () => gzipBombOf(xml)],
  ['of headers', floodOfHeaders],
])('a gigabyte from STS %s is not read to its end', async (_title, odd) => {
  const answer = odd();
  running.sts.failure = answer;
  const before = peakMemoryBytes(running.pid);
  expect(await refusals()).toEqual(unavailable);
  expect(await endOf(answer)).toBe('closed by the client');
  expect(peakMemoryBytes(running.pid) - before).toBeLessThan(100_000_000);
  await expectToConnect();
});

/** Each takes the ten seconds that a verification may. */
test.each([
  ['one byte a second', () => dripping(xml, type)],
  ['one byte of a header a second', drippingHeaders],
])('%s from STS ends at the deadline', async (_title, odd) => {
  const answer = odd();
  running.sts.failure = answer;
  const started = Date.now();
  expect(await refusals()).toEqual(unavailable);
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(await endOf(answer)).toBe('closed by the client');
  await expectToConnect();
});

test.each([
  ['XML that breaks off', () => brokenOff(xml, type)],
  ['half of the XML', () => textOf(xml.slice(0, xml.length / 2), type)],
  ['a page of HTML', () => textOf('<!doctype html><h1>Welcome</h1>', 'text/html')],
])('%s from STS is AWS_UNAVAILABLE until it is mended', async (_title, odd) => {
  running.sts.failure = odd();
  expect(await refusals()).toEqual(unavailable);
  await expectToConnect();
});

test('STS is asked once more when it fails, and not again after that', async () => {
  running.sts.failure = { status: 503, code: 'ServiceUnavailable' };
  expect((await addRole(browser)).status).toBe(502);
  expect(running.sts.requests).toHaveLength(2);
  await expectToConnect();
});

test('when STS says to come back in 372 seconds, it is not asked again before', async () => {
  running.sts.failure = {
    write(response) {
      response.writeHead(503, { 'content-type': type, 'retry-after': '372' }).end('<Busy/>');
    },
  };
  expect((await addRole(browser)).status).toBe(502);
  expect(running.sts.requests).toHaveLength(1);
  await expectToConnect();
});
