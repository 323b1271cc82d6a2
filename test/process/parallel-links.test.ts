import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { type Answer, type BusyGateway, startBusyGateway } from '../support/start-busy-gateway.ts';

const sessionCount = 10;
const roundsOfEach = 100;
const roleArns = [1, 2, 3, 4, 5].map((number) => `arn:aws:iam::111122223333:role/Reader${number}`);
const user = { name: 'Ada', iss: 'https://idp.example', sub: 'ada' };

const connect = 'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }';
const disconnect =
  'mutation ($id: ID!) { disconnectAccount(id: $id) { id accounts { ... on AwsAccount { id } } } }';

/** What was acknowledged. `left` are the ids that the session had left; undefined: the account was not there. */
type Done = { kind: 'linked'; id: string } | { kind: 'unlinked'; id: string; left: string[] | undefined };

test('of parallel links and unlinks each takes effect once, in some order, 1000 times', {
  timeout: 180_000,
}, async () => {
  await using gateway = await startBusyGateway({ roleArns, listingMillis: 0 });
  const seen = { linked: 0, unlinked: 0, notThere: 0 };

  async function liveThrough(): Promise<void> {
    const { cookie } = await gateway.session({ user, accounts: [] });
    let held: string[] = [];
    for (let round = 0; round < roundsOfEach; round++) {
      const done = await somethingAtOnce(gateway, cookie);
      const after = await accountsIn(gateway, cookie, round);
      if (!outcomes(held, done).some((outcome) => isDeepStrictEqual(outcome, after)))
        expect.fail(`No order of ${JSON.stringify(done)} makes ${after} of ${held}`);
      held = after;
      for (const each of done)
        seen[each.kind === 'linked' ? 'linked' : each.left ? 'unlinked' : 'notThere'] += 1;
    }
  }
  await Promise.all(Array.from({ length: sessionCount }, liveThrough));
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
});

/** Every list of accounts that some serial order of what was acknowledged leaves; the order of accounts counts. */
function outcomes(held: readonly string[], done: readonly Done[]): string[][] {
  if (done.length === 0) return [[...held]];
  return done.flatMap((first) => {
    const after = applied(held, first);
    return after
      ? outcomes(
          after,
          done.filter((other) => other !== first),
        )
      : [];
  });
}

/** Undefined where it would have been answered otherwise. */
function applied(held: readonly string[], done: Done): readonly string[] | undefined {
  const isHeld = held.includes(done.id);
  if (done.kind === 'linked') return isHeld ? held : [...held, done.id];
  if (done.left === undefined) return isHeld ? undefined : held;
  const left = held.filter((id) => id !== done.id);
  return isHeld && isDeepStrictEqual(left, done.left) ? left : undefined;
}

/** Five links and unlinks. Links ask AWS first: so the unlinks wait, all for the same time, and come among them. */
function somethingAtOnce(gateway: BusyGateway, cookie: string): Promise<Done[]> {
  const pauseMillis = Math.random() * 60;
  return Promise.all(
    Array.from({ length: 5 }, () => {
      const roleArn = roleArns[Math.floor(Math.random() * roleArns.length)] ?? '';
      if (Math.random() < 0.5) return linked(gateway, cookie, roleArn);
      return delay(pauseMillis).then(() => unlinked(gateway, cookie, `aws:${roleArn}`));
    }),
  );
}

/** Links a role over one of the faces. */
async function linked(gateway: BusyGateway, cookie: string, roleArn: string): Promise<Done> {
  const id = `aws:${roleArn}`;
  if (Math.random() < 0.5) {
    expect(await gateway.ask(cookie, '/api/account/aws/add', { roleArn })).toMatchObject({ status: 201 });
  } else {
    const { body } = await gateway.graphql(cookie, connect, { roleArn });
    expect(body).toEqual({ data: { connectAwsAccount: { account: { id } } } });
  }
  return { kind: 'linked', id };
}

async function unlinked(gateway: BusyGateway, cookie: string, id: string): Promise<Done> {
  return { kind: 'unlinked', id, left: leftAfter(await gateway.graphql(cookie, disconnect, { id }), id) };
}

function leftAfter({ body }: Answer, id: string): string[] | undefined {
  const { data, errors } = body as {
    data: { disconnectAccount: { id: string; accounts: { id: string }[] } } | null;
    errors?: unknown;
  };
  if (errors) {
    expect(errors).toMatchObject([{ extensions: { code: 'ACCOUNT_NOT_FOUND' } }]);
    return undefined;
  }
  expect(data?.disconnectAccount.id).toBe(id);
  return data?.disconnectAccount.accounts.map((account) => account.id) ?? [];
}

/** The ids of a session's accounts, over the two faces in turn. */
async function accountsIn(gateway: BusyGateway, cookie: string, round: number): Promise<string[]> {
  if (round % 2 === 0) {
    const { body } = await gateway.ask(cookie, '/api/accounts');
    return (body as { roleArn: string }[]).map(({ roleArn }) => `aws:${roleArn}`);
  }
  const { body } = await gateway.graphql(cookie, '{ accounts { ... on AwsAccount { id } } }');
  return (body as { data: { accounts: { id: string }[] } }).data.accounts.map(({ id }) => id);
}
