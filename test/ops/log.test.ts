import { expect, it } from 'vitest';
import { createMemoryLog } from '../support/memory-log.ts';

const names = [
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'code',
  'cookie',
  'authorization',
  'set-cookie',
];

it.each(names)('a %s that gets into a line is hidden, at its top and one level below', (name) => {
  const { log, text, entries } = createMemoryLog();
  log.info({ [name]: '4/0Ab_canary-x', body: { [name]: ['canary-1'], kept: 1 }, kept: 2 }, 'oops');
  expect(text()).not.toContain('canary');
  expect(entries()).toEqual([
    expect.objectContaining({
      [name]: '(hidden)',
      body: { [name]: '(hidden)', kept: 1 },
      kept: 2,
      msg: 'oops',
    }),
  ]);
});

it.each(['Cookie', 'Set-Cookie', 'AUTHORIZATION'])('%s too, as headers have no case', (name) => {
  const { log, text } = createMemoryLog();
  log.info({ headers: { [name]: 'canary' } }, 'oops');
  expect(text()).not.toContain('canary');
});

it.each(['NOT_FOUND', 'ECONNREFUSED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'AccessDenied', 'invalid_grant'])(
  'the code %s of an error is told',
  (code) => {
    const { log, entries } = createMemoryLog();
    log.info({ code, err: Object.assign(new Error('it failed'), { code }) }, 'failed');
    expect(entries()).toMatchObject([{ code, err: { message: 'it failed', code } }]);
  },
);

it.each([
  ['a JSON Web Token', 'token eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkxIn0.c2lnbmF0dXJlMQ was refused'],
  ['a client secret', "secret 'canary8Q~1AbCdEfGhIjKlMnOpQrStUvWxYz' is wrong"],
  ['a session id', 'no session canaryX1aZ-Yb2Xc3Wd4Ve5Uf6Tg7Sh'],
])('%s in the message of an error is hidden', (_what, message) => {
  const { log, text } = createMemoryLog();
  log.warn({ err: new Error('failed', { cause: new Error(message) }) }, 'oops');
  expect(text()).not.toMatch(/canary|eyJ/);
  expect(text()).toContain('(hidden)');
});

it('a cookie that has got into the path of a request is hidden', () => {
  const { log, entries } = createMemoryLog();
  log.info(
    {
      path: '/api/acc%ession=s%3Ab_42ECAp46zZkJsLCh4-A-_DCiYGZ3d5.F%2B1maIGUGV8zXXFJ2EAv%2BCoPLiIkCsR0aOCGgIIyV64',
    },
    'request',
  );
  expect(entries()).toMatchObject([{ path: '/api/acc%ession=s%(hidden)%2B1maIGUGV8zXXFJ2EAv%(hidden)' }]);
});

it('a secret that is known is hidden where an error quotes it, whatever it looks like', () => {
  const { log, text } = createMemoryLog({ secrets: ['canary-secret'] });
  log.warn({ err: new Error('failed', { cause: new Error('Not good: canary-secret') }) }, 'oops');
  expect(text()).not.toContain('canary');
});

it.each([
  'Trace ID: 0b3a2c1d-1234-4abc-9def-0123456789AB. Check https://login.microsoftonline.com/organizations',
  "EACCES: permission denied, open '/var/lib/gateway/Data1/sessions/data.mdb'",
  'User arn:aws:iam::123456789012:user/Gateway is not authorized to perform sts:AssumeRole',
])('what an operator needs is told: %s', (message) => {
  const { log, entries } = createMemoryLog();
  log.warn({ err: new Error(message) }, 'oops');
  expect(entries()).toMatchObject([{ err: { message } }]);
});

it('a code of an error that is no word is left out, however long it is', () => {
  const { log, entries } = createMemoryLog();
  log.warn({ err: Object.assign(new Error('it failed'), { code: 'x'.repeat(100_000) }) }, 'oops');
  expect(entries()).toMatchObject([{ err: { message: 'it failed' } }]);
  expect(JSON.stringify(entries()).length).toBeLessThan(2000);
});

it('dates and lists are written as they are', () => {
  const { log, entries } = createMemoryLog();
  log.info({ at: new Date(0), list: [{ id: 1 }], nothing: null }, 'values');
  expect(entries()).toMatchObject([{ at: '1970-01-01T00:00:00.000Z', list: [{ id: 1 }], nothing: null }]);
});
