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

it('dates and lists are written as they are', () => {
  const { log, entries } = createMemoryLog();
  log.info({ at: new Date(0), list: [{ id: 1 }], nothing: null }, 'values');
  expect(entries()).toMatchObject([{ at: '1970-01-01T00:00:00.000Z', list: [{ id: 1 }], nothing: null }]);
});
