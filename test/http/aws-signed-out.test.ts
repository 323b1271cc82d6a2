import { describe, expect, it } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import type { Browser } from '../support/browser.ts';
import { connectRole, type Face, faces, standardRole } from '../support/connect-role.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const refused = (face: Face) => ({ status: face === 'REST' ? 401 : 200, code: 'UNAUTHENTICATED' });

/** A browser with a session cookie that nobody signed. */
async function forged(gateway: TestGateway): Promise<Browser> {
  const browser = gateway.browser();
  await browser.jar.setCookie('mcm_session=s%3Aanything.anything', gateway.url);
  return browser;
}

/** The store as it is, but that it is out of order for whoever starts a session. */
const withoutNewSessions = (store: SessionStore): SessionStore => ({
  ...store,
  create: () => Promise.reject(new Error('a session was started')),
});

describe('a signed-out browser connects nothing', () => {
  it.each(faces)('over %s: UNAUTHENTICATED, no call to AWS and no session', async (face) => {
    using folder = createTemporaryFolder();
    const store = await openLmdbSessionStore(folder.path);
    await using gateway = await startGateway({ store: withoutNewSessions(store) });
    for (const browser of [gateway.browser(), await forged(gateway)]) {
      expect(await connectRole(browser, standardRole, face)).toMatchObject(refused(face));
      const config = await browser.fetch('/api/account/aws/config');
      expect(config.status).toBe(401);
      expect(config.headers.getSetCookie()).toEqual([]);
      expect(await config.json()).toMatchObject({ code: 'UNAUTHENTICATED', error: expect.any(String) });
    }
    expect(gateway.sandbox.awsRequests).toEqual([]);
  });

  it('and gets no cookie for trying', async () => {
    await using gateway = await startGateway();
    const browser = gateway.browser();
    for (const face of faces) await connectRole(browser, standardRole, face);
    expect(await browser.cookie('mcm_session')).toBeUndefined();
  });

  it.each(faces)('nor does a user of whom no sign-in says who they are (%s)', async (face) => {
    await using gateway = await startGateway();
    const browser = await gateway.browserWith({ user: { name: 'X' } });
    expect(await connectRole(browser, standardRole, face)).toMatchObject(refused(face));
    expect((await browser.fetch('/api/account/aws/config')).status).toBe(401);
    expect(gateway.sandbox.awsRequests).toEqual([]);
    expect(await browser.json('/api/user')).toEqual({ logged_in: true, name: 'X' });
  });
});

it('a logout wins over a role that AWS is slow to confirm: the role does not come back', async () => {
  await using gateway = await startGateway();
  const [browser, other] = [gateway.browser(), gateway.browser()];
  await Promise.all([browser.signIn('john'), other.signIn('john')]);
  const old = await Promise.all([browser, other].map((one) => one.cookie('mcm_session')));
  gateway.sandbox.faults.set('aws.sts.AssumeRole', { delayMs: 2_000 }, { times: 2 });
  const late = [connectRole(browser, standardRole, 'REST'), connectRole(other, standardRole, 'GraphQL')];
  await expect.poll(() => gateway.sandbox.calls.count('aws.sts.AssumeRole')).toBe(2);
  for (const one of [browser, other]) expect((await one.fetch('/api/logout')).status).toBe(200);
  expect(await Promise.all(late)).toMatchObject([refused('REST'), refused('GraphQL')]);
  for (const one of [browser, other]) expect(await one.cookie('mcm_session')).toBeUndefined();
  for (const cookie of old.map((value) => `mcm_session=${value}`)) {
    expect(await browser.json('/api/accounts', { headers: { cookie } })).toEqual([]);
    expect(await browser.json('/api/user', { headers: { cookie } })).toEqual({ logged_in: false });
  }
});
