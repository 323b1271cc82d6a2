import { isDeepStrictEqual } from 'node:util';
import { standardRole } from '../support/connect-role.ts';
import type { Answer } from './asking.ts';
import { azure } from './faults.ts';
import { dataOf, graphql, type Person, post } from './person.ts';

/** One request of somebody who is signed in; it keeps the person's own account of their session. */
export type Step = (person: Person) => Promise<void>;

const idsOf = (value: unknown): string[] => (value as { id: string }[]).map(({ id }) => id);
const heldBy = ({ accounts }: Person): string[] => [...accounts.keys()];

const readMe: Step = async (person) => {
  await person.ask({
    kind: 'me by GraphQL',
    ...graphql('{ me { loggedIn name } accounts { ... on ConnectedAccount { id displayName provider } } }'),
    isRight: (answer) => {
      const { me, accounts } = dataOf(answer) ?? {};
      const expected = { loggedIn: person.user !== undefined, name: person.user?.name ?? null };
      return isDeepStrictEqual(me, expected) && isDeepStrictEqual(idsOf(accounts), heldBy(person));
    },
  });
};

const readUser: Step = async (person) => {
  const { user } = person;
  const expected = user ? { logged_in: true, name: user.name } : { logged_in: false };
  await person.ask({
    kind: 'me by REST',
    path: '/api/user',
    isRight: ({ status, body }) => status === 200 && isDeepStrictEqual(body, expected),
  });
};

const readAccounts: Step = async (person) => {
  await person.ask({
    kind: 'accounts by REST',
    path: '/api/accounts',
    isRight: ({ status, body }) =>
      status === 200 && Array.isArray(body) && body.length === person.accounts.size,
  });
};

/** What the tenants that always refuse do so with. */
const refusalsOf = ({ accounts }: Person): string[] =>
  [...accounts.values()].flatMap((identity) => identity?.listingCode ?? []);

/** A list; or for the tenants that always refuse, their refusal. */
function isListing(person: Person, { codes }: Answer, list: unknown): boolean {
  const refusals = refusalsOf(person);
  if (refusals.length === 0) return Array.isArray(list) && codes.length === 0;
  return codes.length > 0 && codes.every((code) => refusals.includes(code));
}

/** Asks for the subscriptions under `field`, and for what else the query says. */
const listByGraphql =
  (field: string, query: string): Step =>
  async (person) => {
    await person.ask({
      kind: 'subscriptions by GraphQL',
      ...graphql(query),
      asks: azure,
      usualCodes: refusalsOf(person),
      isRight: (answer) => {
        const { data } = answer.body as { data?: Record<string, unknown> };
        return answer.status === 200 && isListing(person, answer, data?.[field]);
      },
    });
  };

const listTogether = listByGraphql(
  'azureSubscriptions',
  '{ me { loggedIn } azureSubscriptions { id displayName state } }',
);

const listByAccount = listByGraphql(
  'accounts',
  '{ accounts { ... on ConnectedAccount { id } ... on AzureAccount { subscriptionDetails { id } } } }',
);

const listByRest: Step = async (person) => {
  await person.ask({
    kind: 'subscriptions by REST',
    path: '/api/subscriptions',
    asks: azure,
    usualCodes: refusalsOf(person),
    isRight: (answer) => {
      const isStatus = answer.status === (answer.codes.length > 0 ? 500 : 200);
      return isStatus && isListing(person, answer, (answer.body as { value?: unknown }).value);
    },
  });
};

const readAwsConfig: Step = async (person) => {
  await person.ask({
    kind: 'AWS configuration',
    path: '/api/account/aws/config',
    isRight: ({ status, text }) => status === 200 && text.includes('"externalId":"mcm-'),
  });
};

const addPath = '/api/account/aws/add';
const connection = 'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }';

const connectByRest: Step = async (person) => {
  const added = await person.ask({
    kind: 'AWS role connected',
    path: addPath,
    init: post({ roleArn: standardRole }),
    asks: ['aws'],
    isRight: ({ status }) => status === 201,
  });
  if (added) person.accounts.set(`aws:${standardRole}`, undefined);
};

const connectByGraphql: Step = async (person) => {
  const id = `aws:${standardRole}`;
  const connected = await person.ask({
    kind: 'AWS role connected',
    ...graphql(connection, { roleArn: standardRole }),
    asks: ['aws'],
    isRight: (answer) => isDeepStrictEqual(dataOf(answer), { connectAwsAccount: { account: { id } } }),
  });
  if (connected) person.accounts.set(id, undefined);
};

const connectTooOpen: Step = async ({ ask }) => {
  await ask({
    kind: 'AWS role too open',
    path: addPath,
    init: post({ roleArn: 'arn:aws:iam::987654321098:role/TooOpen' }),
    asks: ['aws'],
    isRight: ({ status, codes }) => status === 403 && codes[0] === 'AWS_TRUST_TOO_OPEN',
  });
};

const connectRefused: Step = async ({ ask }) => {
  await ask({
    kind: 'AWS role refused',
    ...graphql(connection, { roleArn: 'arn:aws:iam::987654321098:role/NotThere' }),
    asks: ['aws'],
    isRight: ({ status, codes }) => status === 200 && codes[0] === 'AWS_ROLE_REFUSED',
  });
};

const disconnect: Step = async (person) => {
  const [id] = heldBy(person).slice(person.random.integer(0, Math.max(0, person.accounts.size - 1)));
  if (id === undefined) return;
  const others = heldBy(person).filter((held) => held !== id);
  const gone = await person.ask({
    kind: 'account disconnected',
    ...graphql(
      'mutation ($id: ID!) { disconnectAccount(id: $id) { id accounts { ... on ConnectedAccount { id } } } }',
      { id },
    ),
    isRight: (answer) => {
      const payload = dataOf(answer)?.disconnectAccount as { accounts: unknown } | undefined;
      return payload !== undefined && isDeepStrictEqual(idsOf(payload.accounts), others);
    },
  });
  if (gone) person.accounts.delete(id);
};

/** Everything that somebody who is signed in does, reading more than writing. */
export const steps: readonly Step[] = [
  readMe,
  readMe,
  readMe,
  readUser,
  readUser,
  readAccounts,
  listTogether,
  listByAccount,
  listByRest,
  readAwsConfig,
  connectByRest,
  connectByGraphql,
  connectTooOpen,
  connectRefused,
  disconnect,
];

/** Signs out, and looks whether that is so. */
export const logout: Step = async (person) => {
  const isByRest = person.random.pick([true, false]);
  const ended = await person.ask({
    kind: 'logout',
    ...(isByRest ? { path: '/api/logout' } : graphql('mutation { logout { message } }')),
    isRight: ({ status, text }) => status === 200 && text.includes('Wylogowano'),
  });
  if (!ended) return;
  person.user = undefined;
  person.accounts.clear();
  await readUser(person);
  await readMe(person);
};
