import { describe, expect, it } from 'vitest';
import type { AwsAccount } from '../../src/clouds/aws/account.ts';
import type { AzureAccount } from '../../src/clouds/azure/account.ts';
import {
  accountId,
  type CloudAccount,
  cloudOf,
  clouds,
  findAccount,
  withAccount,
  withoutAccount,
  withoutTokens,
  withTokens,
} from '../../src/clouds/clouds.ts';
import type { GcpAccount } from '../../src/clouds/gcp/account.ts';
import { deadTokens, tokensOf } from '../../src/clouds/tokens.ts';

const roleArn = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';
const azure: AzureAccount = { provider: 'azure', tenantId: 't1', subscriptions: ['s1'], refresh_token: 'ra' };
const gcp: GcpAccount = {
  provider: 'gcp',
  email: 'ada@example.com',
  access_token: 'ag',
  refresh_token: 'rg',
};
const aws: AwsAccount = { provider: 'aws', roleArn, externalId: 'mcm-ada', accountId: '987654321098' };
const all: readonly CloudAccount[] = Object.freeze([azure, gcp, aws]);

it('every cloud has a provider and a GraphQL type of its own', () => {
  expect(clouds.map(({ provider, typeName }) => [provider, typeName])).toEqual([
    ['azure', 'AzureAccount'],
    ['gcp', 'GcpAccount'],
    ['aws', 'AwsAccount'],
  ]);
  expect(all.map((account) => cloudOf(account).provider)).toEqual(['azure', 'gcp', 'aws']);
});

it.each<[string, CloudAccount]>([
  ['azure:t1', azure],
  ['gcp:ada@example.com', gcp],
  [`aws:${roleArn}`, aws],
])('%s is the id of the account that it names', (id, account) => {
  expect(accountId(account)).toBe(id);
  expect(findAccount(all, id)).toBe(account);
});

it('an id of another session, or of nothing, finds no account', () => {
  for (const id of ['', 'azure:', 'azure:t2', 't1', 'aws:t1', 'AZURE:t1', 'gcp:ADA@example.com'])
    expect(findAccount(all, id), id).toBeUndefined();
});

describe('putting an account in', () => {
  it('puts a new one at the end', () => {
    const second: AwsAccount = { ...aws, roleArn: `${roleArn}2` };
    expect(withAccount(all, second)).toEqual([azure, gcp, aws, second]);
    expect(withAccount([], aws)).toEqual([aws]);
  });

  it('puts the same one in the place that it had, and leaves the others as they are', () => {
    const renamed: GcpAccount = { ...gcp, displayName: 'Ada', refresh_token: 'rg2' };
    const after = withAccount(all, renamed);
    expect(after).toEqual([azure, renamed, aws]);
    expect(after[0]).toBe(azure);
  });

  it('takes nothing else over from the account that was there', () => {
    const { subscriptions: _gone, ...bare } = azure;
    expect(withAccount(all, bare)[0]).toEqual(bare);
  });

  it('changes no list that was given to it', () => {
    withAccount(all, { ...gcp, displayName: 'Ada' });
    expect(all).toEqual([azure, gcp, aws]);
  });

  it('keeps the refresh token when the provider sends none again', () => {
    const again: GcpAccount = { ...gcp, ...tokensOf({ access_token: 'ag2' }, 0) };
    expect(withAccount(all, again)[1]).toMatchObject({ access_token: 'ag2', refresh_token: 'rg' });
  });

  it('takes a new refresh token', () => {
    const again: GcpAccount = { ...gcp, ...tokensOf({ access_token: 'ag2', refresh_token: 'rg2' }, 0) };
    expect(withAccount(all, again)[1]).toMatchObject({ access_token: 'ag2', refresh_token: 'rg2' });
  });

  it('keeps no refresh token that is known to be dead', () => {
    const again: GcpAccount = { ...gcp, ...tokensOf({ access_token: 'ag2' }, 0) };
    const [after] = withAccount([{ ...gcp, ...deadTokens }], again);
    expect(after).toMatchObject({ access_token: 'ag2', refresh_token: null, reauth_required: undefined });
  });

  it('gives a role no tokens', () => {
    const [after = azure] = withAccount([aws], { ...aws });
    expect(Object.keys(after)).toEqual(Object.keys(aws));
  });
});

describe('taking an account out', () => {
  it('leaves the others in their order', () => {
    expect(withoutAccount(all, 'gcp:ada@example.com')).toEqual([azure, aws]);
    expect(withoutAccount(all, `aws:${roleArn}`)).toEqual([azure, gcp]);
  });

  it('leaves all when there is no such account', () => {
    expect(withoutAccount(all, 'azure:t2')).toEqual(all);
  });
});

describe('refreshed tokens', () => {
  const fresh = tokensOf({ access_token: 'new', refresh_token: 'newer', expires_in: 3600 }, 1_000);

  it('go into the account that still holds the refresh token that they were got with', () => {
    expect(withTokens(all, 'gcp:ada@example.com', { refresh_token: 'rg' }, fresh)).toEqual([
      azure,
      { ...gcp, ...fresh },
      aws,
    ]);
  });

  it.each([
    ['that was signed in to again meanwhile', 'gcp:ada@example.com', 'r-old'],
    ['of another id with that token', 'gcp:bob@example.com', 'rg'],
    ['of another cloud', 'azure:t1', 'rg'],
    ['that has no tokens', `aws:${roleArn}`, 'rg'],
  ])('do not go into an account %s', (_title, id, refreshToken) => {
    expect(withTokens(all, id, { refresh_token: refreshToken }, fresh)).toEqual(all);
  });
});

it('dead tokens spare an account that a sign-in gave a good access token, keeping the refresh token', () => {
  const used = { access_token: 'before', refresh_token: 'rg' };
  expect(withTokens(all, 'gcp:ada@example.com', used, deadTokens)).toEqual(all);
  const [, dead] = withTokens(all, 'gcp:ada@example.com', { ...used, access_token: 'ag' }, deadTokens);
  expect(dead).toMatchObject({ access_token: null, reauth_required: true });
});

it('an account without its tokens keeps all the rest', () => {
  expect(withoutTokens(gcp)).toEqual({ provider: 'gcp', email: 'ada@example.com' });
  expect(withoutTokens(aws)).toEqual(aws);
  expect(gcp.access_token).toBe('ag');
});
