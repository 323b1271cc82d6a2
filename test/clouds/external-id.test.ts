import { describe, expect, it } from 'vitest';
import { externalIdOf } from '../../src/clouds/aws/external-id.ts';
import { externalId as parseExternalId } from '../../src/config-values.ts';

const config = { accountId: '123456789012', externalId: undefined };
const ada = { iss: 'https://login.example/one/v2.0', sub: 'ada', name: 'Ada', email: 'ada@example.com' };

describe('the external id of a user', () => {
  it('stays what it was in every release: trust policies of customers name it', () => {
    expect(externalIdOf(ada, config)).toBe('mcm-0a38fe4cd086ec07e1c8a3c356f8b425');
  });

  it('is one that AWS takes, and says nothing of the user', () => {
    const id = externalIdOf(ada, config) ?? '';
    expect(id).toMatch(/^mcm-[0-9a-f]{32}$/);
    expect(parseExternalId(id)).toBe(id);
  });

  it('follows from issuer and subject alone: another name or e-mail address changes nothing', () => {
    const { iss, sub } = ada;
    expect(externalIdOf({ iss, sub }, config)).toBe(externalIdOf(ada, config));
    expect(externalIdOf({ ...ada, name: 'Countess', email: 'x@example.com', iat: 1 }, config)).toBe(
      externalIdOf(ada, config),
    );
  });

  it.each([
    ['another subject', { ...ada, sub: 'bob' }, config],
    ['another case of the subject', { ...ada, sub: 'Ada' }, config],
    ['another issuer', { ...ada, iss: 'https://login.example/two/v2.0' }, config],
    ['another account of the gateway', ada, { ...config, accountId: '210987654321' }],
    ['the same text, cut elsewhere', { iss: `${ada.iss}a`, sub: 'da' }, config],
    ['a subject with the marks of JSON', { ...ada, sub: 'ada"]' }, config],
  ])('differs for %s', (_title, user, settings) => {
    const id = externalIdOf(user, settings);
    expect(id).toMatch(/^mcm-/);
    expect(id).not.toBe(externalIdOf(ada, config));
  });

  it.each<[string, Record<string, unknown>]>([
    ['nobody', {}],
    ['somebody without a subject', { iss: ada.iss, name: 'Ada' }],
    ['somebody without an issuer', { sub: 'ada' }],
    ['an empty subject', { ...ada, sub: '' }],
    ['a subject that is no text', { ...ada, sub: 7 }],
    ['a list of subjects', { ...ada, sub: ['ada'] }],
    ['an issuer that is no text', { ...ada, iss: null }],
  ])('is not there for %s', (_title, user) => {
    expect(externalIdOf(user, config)).toBeUndefined();
  });
});

it('is the constant for everybody where one is configured', () => {
  const constant = { ...config, externalId: 'the-constant' };
  expect(
    [ada, { ...ada, sub: 'bob' }, { name: 'Ada' }, {}].map((user) => externalIdOf(user, constant)),
  ).toEqual(Array(4).fill('the-constant'));
});
