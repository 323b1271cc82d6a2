import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import possible from '../generated/possible-types.ts';
import { bodyFailure, Refusal } from './failures.ts';

/** Longer than the gateway waits for a cloud, so that its own message comes first; milliseconds. */
const requestTimeoutMillis = 30_000;

/** What the gateway offers: see `pages.ts`. */
export type Offer = {
  signIns: { provider: string; href: string }[];
  aws: boolean;
  playground: boolean;
};

/** What a role's trust policy has to name. */
export type AwsTrust = { awsAccountId: string; externalId: string };

/** Apollo Client for one view of one session: a new view gets a new one, so that no cache outlives its session. */
export const createGatewayClient = (): ApolloClient =>
  new ApolloClient({
    link: new HttpLink({ uri: '/graphql', fetch: patientFetch }),
    cache: new InMemoryCache({
      possibleTypes: possible.possibleTypes,
      typePolicies: { CurrentUser: { keyFields: [] } },
    }),
    devtools: { enabled: false },
  });

/** Reads what the console and its session have on offer. */
export const readOffer = (signal: AbortSignal): Promise<Offer> => read('/console.json', signal);

/** Reads what AWS has to trust for the signed-in person's role to be connected. */
export const readAwsTrust = (signal: AbortSignal): Promise<AwsTrust> =>
  read('/api/account/aws/config', signal);

/** @throws Refusal with what the gateway said; whatever `fetch` throws */
async function read<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await patientFetch(path, { headers: { accept: 'application/json' }, signal });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Refusal(bodyFailure(response.status, body));
  if (body === undefined) throw new Refusal({ kind: 'unreadable', status: response.status });
  return body as T;
}

let skewMillis = 0;

/** The time by the gateway's clock, in milliseconds since 1970; a browser's own may be hours off. */
export const gatewayNow = (): number => Date.now() + skewMillis;

const patientFetch: typeof fetch = async (input, init = {}) => {
  const timeout = AbortSignal.timeout(requestTimeoutMillis);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const response = await fetch(input, { credentials: 'same-origin', cache: 'no-store', ...init, signal });
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) skewMillis = date - Date.now();
  return response;
};
