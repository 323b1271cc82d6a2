import { PEOPLE } from '../../src/sandbox/people.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';

const tenantOf = (id: string): string => PEOPLE.find((person) => person.id === id)?.tenantId ?? 'no tenant';

const azure = (id: string) => ({
  provider: 'azure' as const,
  tenantId: tenantOf(id),
  displayName: id,
  subscriptions: ['one', 'two'],
});

const gcp = {
  provider: 'gcp' as const,
  email: 'ada@example.com',
  displayName: 'Ada',
  access_token: 'access',
};

const role = {
  provider: 'aws' as const,
  displayName: null,
  roleArn: 'arn:aws:iam::987654321098:role/MultiCloudManagerRole',
  externalId: 'mcm-ada',
  accountId: '987654321098',
};

/** Somebody with an account of every cloud, none of which fails. */
export const ada: GatewaySession = {
  user: { iss: 'https://issuer', sub: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
  access_token: 'secret',
  accounts: [azure('john'), { ...gcp, refresh_token: 'refresh' }, role],
};

/** Somebody whose tenant takes seconds to be listed. */
export const slow: GatewaySession = { user: { name: 'Slow' }, accounts: [azure('slow')] };

/** Sessions in which something is out of the ordinary, by what that is. */
export const others: Record<string, GatewaySession> = {
  'a session of nobody': {},
  'an empty user': { user: {}, accounts: [azure('john')] },
  'no name': { user: { sub: 'x', email: 'x@example.com' }, accounts: [] },
  'a name that is no text': { user: { name: 5, email: ['x'] } },
  'texts of every kind': {
    user: { name: 'Zażółć "gęślą" \u2028 \\ </script> 😀 \ud800', email: '\u0000\n@\u007f' },
    accounts: [{ ...azure('nameless'), displayName: '😀\udc00"\\' }],
  },
  'missing properties': {
    user: { name: '' },
    accounts: [
      { provider: 'azure', tenantId: tenantOf('nameless') },
      gcp,
      { provider: 'gcp', email: 'b@example.com' },
    ],
  },
  'three pages of subscriptions': { user: { name: 'Maria' }, accounts: [azure('many'), azure('john')] },
  'a tenant that may not be listed': { user: { name: 'Dennis' }, accounts: [azure('john'), azure('denied')] },
  'a tenant that is throttled': { user: { name: 'Thora' }, accounts: [azure('throttled'), role] },
  'an account to sign in to again': {
    user: { name: 'Grace' },
    accounts: [{ ...gcp, access_token: null, reauth_required: true }, azure('john')],
  },
  'a refresh token that is dead': {
    user: { name: 'Mary' },
    accounts: [{ ...gcp, refresh_token: 'dead', expires_at: 1, refresh_at: 1 }],
  },
  'an account of no known cloud': { user: { name: 'Odd' }, accounts: [{ provider: 'odd' } as never, role] },
};
