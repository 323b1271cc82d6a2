import { describe, expect, it } from 'vitest';
import { type CloudAccount, withAccount, withoutAccount } from '../../src/clouds/clouds.ts';
import { changeAccounts } from '../../src/clouds/session-accounts.ts';

const google = (email: string, access_token: string): CloudAccount => ({
  provider: 'gcp',
  email,
  access_token,
});

describe("the session's own access token", () => {
  const session = {
    user: { name: 'Ada' },
    access_token: 'of ada',
    accounts: [google('ada@example.com', 'of ada'), google('bob@example.com', 'of bob')],
  };

  it('is renewed with the account that it is of', () => {
    const renewed = changeAccounts(session, (accounts) =>
      withAccount(accounts, google('ada@example.com', 'new')),
    );
    expect(renewed).toMatchObject({ user: { name: 'Ada' }, access_token: 'new' });
  });

  it('goes when that account goes', () => {
    const left = changeAccounts(session, (accounts) => withoutAccount(accounts, 'gcp:ada@example.com'));
    expect(JSON.stringify(left)).not.toContain('of ada');
    expect(left.user).toEqual({ name: 'Ada' });
  });

  it('stays when another account changes or goes', () => {
    const others = [
      changeAccounts(session, (accounts) => withAccount(accounts, google('bob@example.com', 'new'))),
      changeAccounts(session, (accounts) => withoutAccount(accounts, 'gcp:bob@example.com')),
    ];
    for (const { access_token } of others) expect(access_token).toBe('of ada');
  });

  it('is that of no account which has none', () => {
    const without = { accounts: [google('ada@example.com', '')] };
    expect(changeAccounts(without, (accounts) => [...accounts])).toEqual(without);
  });
});
