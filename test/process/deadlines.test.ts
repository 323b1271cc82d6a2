import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hedy } from '../doubles/google-double.ts';
import { Browser } from '../support/browser.ts';
import { addRole, connectRole, trustGateway } from './aws-role.ts';
import { faces, lastIssued, manyRequests } from './shown-tokens.ts';
import { type CloudsGateway, startCloudsGateway } from './trusted-clouds.ts';

let running: CloudsGateway;

beforeAll(async () => {
  running = await startCloudsGateway({ TOKEN_EXPOSURE: 'full' });
});
afterAll(() => running?.[Symbol.asyncDispose]());

/** At once, because both take ten seconds; neither cloud concerns the other. */
describe.concurrent('a cloud that does not answer', () => {
  test('leaves tokens that it should refresh as they were, from its deadline until it is back', async () => {
    const { google } = running;
    google.expiresInSeconds = { first: 0, refreshed: 3600 };
    const browser = new Browser(running.gateway().url);
    await browser.visit('/api/login/google');
    const before = [{ email: hedy.email, ...lastIssued(google) }];
    const { arrived, release } = google.holdRefreshes();
    const waiting = manyRequests(browser, 10);
    await arrived;
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: hedy.name });
    for (const answer of await waiting) expect(answer).toEqual(before);
    expect(google.refreshCalls).toBe(1);

    google.refreshFailure = 'cut'; // else what was held would use the refresh token up now
    release();
    expect(await faces.REST(browser)).toEqual(before);
    google.refreshFailure = undefined;
    const healed = await faces.REST(browser);
    expect(healed).toEqual([{ email: hedy.email, ...lastIssued(google) }]);
    expect(google.liveAccessTokens().get(healed[0]?.access ?? '')).toBe(hedy.email);
    expect(google.reuses).toBe(0);
  });

  test('is AWS_UNAVAILABLE to who connects a role of it, and costs the session nothing', async () => {
    const { sts } = running;
    const browser = new Browser(running.gateway().url);
    await browser.visit('/api/login/azure');
    await trustGateway(sts, browser);
    const before = await browser.json('/api/accounts');

    sts.failure = 'hang';
    const [rest, { data, errors }] = await Promise.all([addRole(browser), connectRole(browser)]);
    expect(rest.status).toBe(502);
    expect(await rest.json()).toMatchObject({ code: 'AWS_UNAVAILABLE' });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'AWS_UNAVAILABLE' } }]);
    expect(await browser.json('/api/accounts')).toEqual(before);

    sts.failure = undefined;
    expect((await addRole(browser)).status).toBe(201);
  });
});
